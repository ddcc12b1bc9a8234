CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    item text NOT NULL,
    shipped boolean NOT NULL
);
