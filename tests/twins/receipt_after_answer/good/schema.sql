CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    amount integer NOT NULL
);
CREATE TABLE receipts (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE REFERENCES orders (reference),
    printed_at timestamptz NOT NULL DEFAULT now()
);
