CREATE TABLE profiles (
    handle text PRIMARY KEY,
    name text NOT NULL
);
