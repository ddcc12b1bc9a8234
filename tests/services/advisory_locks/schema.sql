CREATE TABLE tables (
    id bigint PRIMARY KEY,
    seats integer NOT NULL
);
INSERT INTO tables VALUES (1, 4);
CREATE TABLE reservations (
    id bigserial PRIMARY KEY,
    table_id bigint NOT NULL REFERENCES tables,
    reference text NOT NULL,
    seats integer NOT NULL
);
