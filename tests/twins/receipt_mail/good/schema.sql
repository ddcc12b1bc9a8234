CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    amount integer NOT NULL
);
CREATE TABLE mails (
    id bigserial PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL
);
