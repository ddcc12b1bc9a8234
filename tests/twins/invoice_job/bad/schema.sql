CREATE TABLE invoices (
    id bigserial PRIMARY KEY,
    number text NOT NULL UNIQUE,
    amount integer NOT NULL,
    status text NOT NULL
);
CREATE TABLE jobs (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    invoice_id bigint NOT NULL REFERENCES invoices
);
