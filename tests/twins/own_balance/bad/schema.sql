CREATE TABLE accounts (
    id bigserial PRIMARY KEY,
    holder text NOT NULL,
    balance numeric(12, 2) NOT NULL DEFAULT 0,
    opened timestamptz NOT NULL DEFAULT now()
);
