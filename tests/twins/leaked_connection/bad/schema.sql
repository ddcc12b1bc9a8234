CREATE TABLE parcels (
    number text PRIMARY KEY,
    place text NOT NULL
);
