CREATE TABLE payouts (
    id bigserial PRIMARY KEY,
    event text NOT NULL,
    seller text NOT NULL,
    cents integer NOT NULL,
    transfer text NOT NULL
);
