CREATE TABLE events (
    id bigint PRIMARY KEY,
    tickets_left integer NOT NULL
);
CREATE TABLE tickets (
    id bigserial PRIMARY KEY,
    event_id bigint NOT NULL REFERENCES events,
    owner text NOT NULL,
    UNIQUE (event_id, owner)
);
INSERT INTO events VALUES (1, 1);
