CREATE TABLE tasks (
    key text PRIMARY KEY,
    text text NOT NULL
);
