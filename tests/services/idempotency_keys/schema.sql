CREATE TABLE requests (
    actor text NOT NULL,
    key text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    answer jsonb,
    UNIQUE (actor, key)
);
CREATE TABLE audit_log (
    id bigserial PRIMARY KEY,
    actor text NOT NULL,
    action text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE accounts (
    owner text PRIMARY KEY,
    balance integer NOT NULL CHECK (balance >= 0)
);
CREATE TABLE transfers (
    id uuid PRIMARY KEY,
    payer text NOT NULL REFERENCES accounts,
    payee text NOT NULL REFERENCES accounts,
    amount integer NOT NULL,
    status text NOT NULL DEFAULT 'offered'
);
CREATE TABLE pots (
    owner text NOT NULL REFERENCES accounts,
    name text NOT NULL,
    goal integer NOT NULL,
    saved integer NOT NULL DEFAULT 0,
    UNIQUE (owner, name)
);
INSERT INTO accounts VALUES ('ann', 1000), ('bob', 1000), ('cyd', 0);
