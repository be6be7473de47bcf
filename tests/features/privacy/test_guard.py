"""What the client-identifier guard asks about, and what it leaves in peace."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.guard import Finding, look
from bot.privacy.shapes import Kind

ORDINARY = """
I noticed how quickly I wanted to rescue her, and I think that is about my own mother.
My client called Monday to cancel and I felt relieved, which I did not like to admit.
The client called in the evening and I didn't pick up. I have been turning that over since.
Today I sat with silence for what felt like 10 minutes and was probably 90 seconds.
Rogers (1957) says six conditions; I managed maybe 2 or 3 of them.
I keep coming back to Yalom (2002), chapter 12, on the here and now.
What I took from Dr Yalom's book is that it is the relationship that heals.
My PHQ-9 training said 15 to 19 is moderately severe, and I noticed I stopped listening after the number.
Session 7 of 12 and I already dread the ending.
I felt a bit like a fraud at 9:30 this morning, and less of one by 4pm.
At step 3 of the protocol I lost the thread completely.
I miss Anna Freud seminars more than I thought I would.
We spoke about CBT, DBT and ACT, and I still don't know which I believe in.
My supervisor said 80% of it is showing up. I can do 80%.
In 2019 I would have argued. In 2024 I just breathe.
It has been 2 years since I started my own therapy and I am 34 now.
My client is 34 and so am I; the sameness frightens me.
Someone in my first placement told me I was cold. I still hear it.
I am a mother of two and I go home to a 4-year-old who does not care about countertransference.
On Tuesday I cried in the car. On Wednesday I was fine.
The hardest bit for me: saying "I don't know" out loud to a client.
I got a 3 out of 5 on my tape and 4 of my peers got a 5.
We have 24/7 cover at my site, but it never feels like that at 2 a.m.
I gave the Samaritans number, 116 123, and then worried that I had sounded scripted.
The client, I think, saw my face change.
With my client Monday felt heavy; with the next one it lifted.
My first client ever. I will not forget how my hands shook.
A client in my Thursday group reminded me of my brother.
The client. That word still feels wrong in my mouth.
I used the Gottman exercise, and it fell flat in about 20 seconds.
What would Mrs Right have said? I have a very stern inner critic.
I emailed my supervisor and asked for 15 minutes before the group.
I told the group about the rupture. They told me it was human.
Honestly, 1 in 4 sessions I feel I earn my place in the room.
I charge £40 and I still cannot say the number without blushing.
It was a 50-minute hour that felt like 3 hours.
There is a Ms in front of my name now on the letter and it makes me feel old.
Dr Google had been there before me, again.
I went down the High Street afterwards and bought myself flowers.
I sat at my desk, wrote 1,500 words, deleted 1,400 and called it supervision notes.
Klein would say I was the bad breast. I would say I was tired.
Anger is the feeling called Shame in my family, I think.
I read a book called Motherhood and could not get through page 40.
A woman in my own process group said I hide behind questions.
His silence was not about me, and for once I knew that while I was in it.
I have been thinking of the word "patient" and what it asks of me.
My boundaries: no sessions after 18:00, no messages on Sunday, and I break both.
After 3 weeks of leave the room felt smaller.
I'd like to try the two-chair work, but in my placement there is only 1 chair.
U.S. training felt very different from the U.K. one, 10 years on.
Two of us, me and my co-facilitator, disagreed for 45 minutes about one sentence.
The scores went 18, 15, 12, 12, 9 and I made it mean something about me.
I hope the ethics code (section 4.2.1) covers this, because I don't know what does.
Version 2.10 of my formulation, and it still isn't right.
As a German speaker I translate in my head, and I lose the feeling on the way.
I wondered @ 5pm whether I had listened at all.
My therapist asked what I would say to a trainee who felt like this.
I was late by 12 minutes and she had waited. My shame, her grace.
The man I saw was gentle. I expected anger, and that says something about me.
I asked my client when she last felt safe, and she laughed.
I said to my client, Maybe we can stay with that. And we did.
Our training group meets at 10-11.30 and I come home empty.
It's been 100 hours of practice. 350 to go.
I feel 8/10 anxious before and 3/10 after.
Christian faith is part of my life; with a client Christian language comes easily and I wonder what I skip.
I am not sure whether I was attuned or just agreeable; maybe a bit of both.
The couple called Time on us and I was glad.
The client called Me out on it, in capital letters, and I liked it.
Miss Perfect again, that's me.
In week 6 with patient A I noticed the pattern; client B is the mirror of it.
We did a 4-7-8 breathing exercise and I calmed down before she did.
His mother, Monday's topic, is so like mine.
I scored the Patient Health Questionnaire twice because I could not believe it.
""".strip().splitlines()

IDENTIFYING = """
email|She wrote to me from sarah.miller84@gmail.com last night.
email|His address is j_doe@nhs.net, I checked.
email|mail: anna+therapy@posteo.co.uk
phone|Her mobile is 07700 900123 and she asked me to call.
phone|He gave me +49 30 1234567 as an emergency contact.
phone|I texted 555-867-5309, which I should not have.
phone|The number (020) 7946 0958 was on the note.
phone|call her on 79460958 if she does not come
phone|Tel. 0176 12345678
phone|her number is 212 555 0187
url|Her blog is https://example.com/anna and I read it.
url|I looked him up on www.linkedin.com/in/someone
url|He plays at northside-jazz.co.uk on Fridays.
date|She was born on 12 March 1987.
date|DOB 12/03/87, referred by the GP.
date|date of birth: 1987-03-12
date|He was admitted on the 3rd of May and has not been out since.
date|We first met on 14.02.2023 and I was nervous.
date|March 12, 2021 was the day her father left.
date|Her birthday is 9 July, like mine.
date|Er ist am 3. Mai 1990 geboren
postcode|She lives near me, in SW1A 1AA.
postcode|postcode is n1 9gu
postcode|They moved to K1A 0B1 in the spring.
postcode|He is from Springfield, IL 62704 and misses it.
postcode|Sie wohnt in 10245 Berlin und kommt mit dem Rad.
record|NHS number 943 476 5919 was on the letter.
record|943 476 5919 is what they put on the form.
record|The MRN: 00482913 was on top of my notes.
record|I wrote case no. 4471 on the board by mistake.
record|client ID 20394 is the one that I mean
record|Versichertennummer A123456789 stand auf dem Blatt.
record|His social is 219-09-9999.
record|Insurance policy number QX-88213-7 was refused.
record|NI number QQ 12 34 56 C on the form
record|client 88213-B was a no-show
person|I saw Mrs Okonkwo again and felt small.
person|Mr. Whitlock shouted at me.
person|Dr Patel, her psychiatrist, doubts me.
person|Frau Schneider hat wieder abgesagt.
person|I think Ms O'Brien sees through me.
person|Señora Delgado no quiso entrar.
name|My client Sarah told me that I was the first one to listen.
name|my client, Deborah, cancelled again
name|A client called Marek made me laugh.
name|the patient named Ingrid is hard to like
name|I see a boy called Tom on Thursdays.
name|I work with a couple, called Jones, and I take sides.
name|Her name is Beatrice and she is the age of my sister.
name|The client's real name was Hassan, and I said it aloud.
name|Ich sehe eine Klientin namens Sabine.
name|Una paciente llamada Carmen me hizo llorar.
name|Une patiente appelée Margaux me touche.
name|I had a difficult client Jamie this week.
name|patient Mohammed A. was tearful
name|a girl named 'Ruby' drew me
name|the boy, Oliver, bit me and I laughed
name|her husband Peter called me at home
person|Dr. van der Meer is her GP.
person|Mr J Smith wants another therapist
handle|Snapchat: ruby_xx09, she said
initials|J.S., 34, has been on my mind.
initials|I saw J. S. (34) today.
initials|JS, aged 12, drew a house without a door.
initials|K., 19 years old, says nothing.
initials|client M.B. 27 is angry with me
initials|my client R (41) reminds me of my father
initials|Sarah, 34, sat where I usually sit.
initials|Marek (16) refuses to speak and I admire him.
initials|Leila aged 9 asked if I was sad.
address|She lives at 14 Elm Street, two doors from me.
address|He told me that he is at 221b Baker St now.
address|12 high street is where I saw her
address|Sie wohnt in der Lindenstraße 12, gleich bei mir.
address|Berliner Straße 5a ist sein neues Zuhause
address|Elle habite 12, rue de la République.
address|Vive en la calle Mayor 24
handle|Her instagram is @anna.paints and I looked.
handle|he wrote as @night_owl7
mention|I was paired with <@123456789012345678> for this.
mention|ask <@U024BE7LH> about the case
""".strip().splitlines()


def test_both_tables_are_as_long_as_they_should_be() -> None:
    assert len(ORDINARY) >= 60
    assert len(IDENTIFYING) >= 60
    assert {line.split("|")[0] for line in IDENTIFYING} == set(Kind)


@pytest.mark.parametrize("sentence", ORDINARY)
def test_an_ordinary_reflection_is_left_in_peace(sentence: str) -> None:
    assert [(finding.kind.value, sentence[finding.start : finding.end]) for finding in look(sentence)] == []


@pytest.mark.parametrize("line", IDENTIFYING)
def test_an_identifying_detail_is_found(line: str) -> None:
    kind, sentence = line.split("|")
    found = {finding.kind.value: sentence[finding.start : finding.end] for finding in look(sentence)}
    assert kind in found, found


@pytest.mark.parametrize("line", IDENTIFYING)
def test_it_is_found_wherever_it_stands_and_the_rest_is_not_blamed(line: str) -> None:
    _, sentence = line.split("|")
    alone = look(sentence)
    before, after = ORDINARY[0] + "\n", "\n" + ORDINARY[3]
    moved = tuple(Finding(f.kind, f.start + len(before), f.end + len(before)) for f in alone)
    assert look(before + sentence + after) == moved


@given(st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=8))
def test_ordinary_reflections_stay_ordinary_together(sentences: list[str]) -> None:
    assert look("\n".join(sentences)) == ()


@given(st.text())
def test_findings_are_in_order_within_the_text_and_apart(text: str) -> None:
    found = look(text)
    ends = [0]
    for finding in found:
        assert ends[-1] <= finding.start < finding.end <= len(text)
        ends.append(finding.end)


def test_only_the_detail_itself_is_pointed_at() -> None:
    sentence = "Her mobile is 07700 900123, she said."
    (finding,) = look(sentence)
    assert sentence[finding.start : finding.end] == "07700 900123"
    mixed = "Mail j_doe@nhs.net or see https://example.com/a."
    assert [finding.kind for finding in look(mixed)] == [Kind.EMAIL, Kind.URL]


HOSTILE = (
    *("a", "A", "1", "1 ", "+1", "a.", "A.", "a@", "@a", "1-", "12.", "Aa ", "A. ", "Aa-", "client ", "my client A"),
    *("1, ", "Mr ", "call ", "born ", "12 Aa ", "case no. ", "www.", "<@1", "name is ", "on 12.", "AB12 ", "\n", " "),
    *("Straße ", "é", "client called ", "the a client"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_costs_no_more_than_its_length(piece: str) -> None:
    """A bound that a quadratic pattern misses by far: a hundred thousand characters in processor seconds."""
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    look(text)
    assert time.process_time() - begun < 5
