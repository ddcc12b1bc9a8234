CREATE TABLE shows (
    id bigint PRIMARY KEY,
    seats_left integer NOT NULL
);
CREATE TABLE bookings (
    id bigserial PRIMARY KEY,
    show_id bigint NOT NULL REFERENCES shows,
    guest text NOT NULL,
    reference text NOT NULL,
    status text NOT NULL DEFAULT 'booked',
    UNIQUE (guest, reference)
);
CREATE TABLE teams (
    id bigint PRIMARY KEY,
    budget integer NOT NULL
);
CREATE TABLE expenses (
    id bigserial PRIMARY KEY,
    team_id bigint NOT NULL REFERENCES teams,
    guest text NOT NULL,
    reference text NOT NULL,
    amount integer NOT NULL,
    UNIQUE (guest, reference)
);
INSERT INTO shows VALUES (1, 1);
INSERT INTO teams VALUES (1, 100);
INSERT INTO expenses (team_id, guest, reference, amount) VALUES (1, 'eve', 'earlier', 20);
