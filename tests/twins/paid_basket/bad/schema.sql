CREATE TABLE baskets (
    reference text PRIMARY KEY,
    amount integer NOT NULL,
    status text NOT NULL DEFAULT 'open'
);
CREATE TABLE payments (
    id bigserial PRIMARY KEY,
    basket text NOT NULL UNIQUE REFERENCES baskets,
    amount integer NOT NULL
);
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    basket text NOT NULL UNIQUE REFERENCES baskets
);
