CREATE TABLE locks (
    name text PRIMARY KEY
);
CREATE TABLE reports (
    name text PRIMARY KEY,
    total integer NOT NULL
);
