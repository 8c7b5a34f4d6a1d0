--
-- PostgreSQL database dump
--

\restrict 1QzOYEYlvtBKV0pLKl60nXbA6AWyj6Nhlwt7Ee3snMMHeflJNemdh2VJzEEUwgz

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: notes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notes (
    id integer,
    note text
);


--
-- Name: staff; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.staff (
    forename text,
    surname text,
    email text,
    nino text,
    born date
);


--
-- Data for Name: notes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notes (id, note) VALUES (1, 'two
lines	and a tab');
INSERT INTO public.notes (id, note) VALUES (2, NULL);


--
-- Data for Name: staff; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.staff (forename, surname, email, nino, born) VALUES ('Ada', 'Synthetic', 'ada@example.com', 'QQ123456A', '1980-02-03');
INSERT INTO public.staff (forename, surname, email, nino, born) VALUES ('Béla', 'Fictional', 'bela@example.com', 'QQ223456B', '1975-11-30');
INSERT INTO public.staff (forename, surname, email, nino, born) VALUES ('Chi', 'Invented', 'chi@example.com', 'QQ323456C', '1991-06-15');
INSERT INTO public.staff (forename, surname, email, nino, born) VALUES ('Dia', 'Made-Up', 'dia@example.com', 'QQ423456D', '1968-01-09');


--
-- PostgreSQL database dump complete
--

\unrestrict 1QzOYEYlvtBKV0pLKl60nXbA6AWyj6Nhlwt7Ee3snMMHeflJNemdh2VJzEEUwgz

