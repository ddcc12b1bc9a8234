CREATE TABLE messages (
    key text PRIMARY KEY,
    hidden boolean NOT NULL
);
CREATE TABLE audit (
    id bigserial PRIMARY KEY,
    message text NOT NULL,
    hidden boolean NOT NULL
);
