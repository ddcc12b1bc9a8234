CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    balance integer NOT NULL
);
CREATE TABLE ledger (
    id bigserial PRIMARY KEY,
    account bigint NOT NULL REFERENCES accounts,
    event text NOT NULL UNIQUE,
    amount integer NOT NULL
);
INSERT INTO accounts VALUES (1, 100);
