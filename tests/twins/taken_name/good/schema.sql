CREATE TABLE users (
    id bigserial PRIMARY KEY,
    name text NOT NULL UNIQUE
);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users,
    bio text NOT NULL DEFAULT ''
);
