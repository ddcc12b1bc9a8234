CREATE TABLE reports (
    name text PRIMARY KEY,
    total integer NOT NULL
);
