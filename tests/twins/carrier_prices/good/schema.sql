CREATE TABLE shipments (
    number text PRIMARY KEY,
    grams integer NOT NULL,
    cents integer NOT NULL
);
