CREATE TABLE recipes (
    name text PRIMARY KEY,
    text text NOT NULL
);
