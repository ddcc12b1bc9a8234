CREATE TABLE payouts (
    id bigserial PRIMARY KEY,
    event text NOT NULL UNIQUE,
    seller text NOT NULL,
    cents integer NOT NULL,
    transfer text
);
