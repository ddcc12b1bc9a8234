CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    basket text NOT NULL UNIQUE,
    cents integer NOT NULL,
    charge text NOT NULL
);
