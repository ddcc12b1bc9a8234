CREATE TABLE artists (
    id bigserial PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO artists (name) VALUES ('Nina Hagen'), ('Nina Simone'), ('Ella Fitzgerald');
