CREATE TABLE members (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now()
);
