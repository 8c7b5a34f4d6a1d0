--
-- PostgreSQL database dump
--

\restrict DtderP7saL5ygsFjDs9J6mFCz0adjkicPbk8d4YHdgZBsZuEdmDpDNs3isiTB1L

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

COPY public.notes (id, note) FROM stdin;
1	two\nlines\tand a tab
2	\N
\.


--
-- Data for Name: staff; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.staff (forename, surname, email, nino, born) FROM stdin;
Ada	Synthetic	ada@example.com	QQ123456A	1980-02-03
Béla	Fictional	bela@example.com	QQ223456B	1975-11-30
Chi	Invented	chi@example.com	QQ323456C	1991-06-15
Dia	Made-Up	dia@example.com	QQ423456D	1968-01-09
\.


--
-- PostgreSQL database dump complete
--

\unrestrict DtderP7saL5ygsFjDs9J6mFCz0adjkicPbk8d4YHdgZBsZuEdmDpDNs3isiTB1L

