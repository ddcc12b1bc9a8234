CREATE TABLE queries (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES auth_user (id),
    sql TEXT NOT NULL
);
