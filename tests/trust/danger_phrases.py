"""What people say in danger, and what only sounds like it: one sentence a line."""

from __future__ import annotations

SELF_HARM = """
I want to die
i just want to die.
I don't want to be here anymore
I don't want to live anymore.
I dont want to live any more
I do not want to exist
I'm going to kill myself
im gonna kill myself
I think about killing myself every day
sometimes I think about suicide
I'm suicidal
I've been feeling suicidal lately
I have suicidal thoughts
I've been having a lot of suicidal thoughts
I wish I was dead
I wish I were never born
I wish I had never been born
I'd be better off dead
Everyone would be better off without me
my family would be better off if I was gone
Nobody would care if I died
There's no reason to live
there is no point in living
I have nothing left to live for
Life isn't worth living
What's the point of living?
I'm tired of living
I'm so tired of being alive
I want to end it all
I want to end my life
I'm thinking of taking my own life
I want to hurt myself
I keep cutting myself
I cut myself again last night
I've been self harming
I can't go on like this
I can't go on living
I want to jump off a bridge
I want to jump in front of a train
I hope I don't wake up tomorrow
I don't want to wake up anymore
I should just die
I deserve to die
please let me die
I tried to kill myself last year
I can't stop thinking about killing myself
should I kill myself
I said I want to die
Had a nice day. But honestly I want to die. Anyway, how are you?
what's the easiest way to die
how many pills would kill me
i wanna die
I really really want to die
I'm going to commit suicide
I don’t want to be alive
I see no reason to live
nobody would miss me
honestly i don't think i want to be alive
I want it all to end
I don't see the point in living anymore
id rather be dead
"I want to die"
""".strip().splitlines()

URGENT = """
I took all my pills
I just swallowed a whole bottle of sleeping pills
I've taken too many pills
I overdosed
I just took 30 paracetamol
I took a whole pack of pills
I'm going to kill myself tonight
I'm standing on the ledge
I have a rope ready
I've slit my wrists
""".strip().splitlines()

VIOLENCE = """
he's hitting me
My husband beats me
my boyfriend hit me last night
He punched me in the face
my dad is beating me
She threatened to kill me
He won't let me leave the house
I'm scared of my husband
I'm afraid he will kill me
I am being abused
I was raped
I was assaulted last night
my stepdad touches me at night
he has a knife
I'm being stalked
someone is breaking in
My ex is stalking me
he choked me
I'm scared he'll hit me again
my partner is abusive and hits me
""".strip().splitlines()

EMERGENCY = """
I think I'm having a heart attack
my mum is having a stroke
I can't breathe
my baby isn't breathing
He's unconscious
she won't wake up
my dad just collapsed
I have bad chest pain
it won't stop bleeding
my throat is closing up
my son swallowed a battery
my grandmother is having a seizure
call an ambulance
my mum fell and is not moving
there's so much blood it won't stop
he has stopped breathing
""".strip().splitlines()

SOMEONE_ELSE = """
my friend wants to die
My best friend says she wants to kill herself
my sister is suicidal
he told me he wants to end his life
My brother tried to kill himself
my daughter is cutting herself
my son talks about suicide
She said she doesn't want to live anymore
Anna wants to kill herself
he said "I want to die"
my mother keeps saying she wants to die
a friend of mine attempted suicide
""".strip().splitlines()

HARMLESS = """
this traffic is killing me
I could kill for a coffee
dying to see it
I'm dying to meet her
kill the process
how do I kill a process in linux
my feet are killing me
I nearly died laughing
I want to die laughing
I wanted to die of embarrassment
I was so embarrassed I wanted to die
I'd rather die than eat that
I don't want to die
I'm not going to kill myself
I would never kill myself
I don't want to kill myself
I'm not suicidal
I'm not thinking of suicide
I want to dye my hair
I don't want to live here anymore
I don't want to live with him anymore
I'm tired of living in this flat
I don't want to wake up early
I don't want to be here for the meeting
I don't want to go on the trip
I cut myself shaving
I cut myself while cooking
I hurt myself at football
I'm killing myself with work
I shot myself in the foot with that email
I took all my pills this morning
I took my pills
I need to take all my medication with breakfast
My phone wants to die
my plants want to die
nobody wants to die
everyone wants to die peacefully
Juliet kills herself at the end
In the film the hero says "I want to die"
the song called "I want to die"
why do people kill themselves?
Suicide Squad was a bad film
he hit me up about the job
it hit me that she was right
the news hit me hard
he beat me at chess
my brother beats me at cards every time
My mum is going to kill me when she sees this
my boss will kill me
my cat keeps hitting me
He's killing me with these puns
the bill hit me
she nearly had a heart attack when I told her
I can't breathe through my nose
laughing so hard I can't breathe
my son won't wake up for school
the economy collapsed
I collapsed on the sofa after work
he choked up at the wedding
my uncle died last year
My grandfather killed himself when I was five
death is a strange thing
I dread the dentist
I'm dead tired
I had a deadline to kill
that joke killed
we killed it on stage
my battery died
I'm scared of spiders
I feel down today
I'm sad and lonely
I hate my job
I can't do this anymore, I'm quitting
what does suicidal mean
I want to live in Oslo
I never want to see him again
I want to jump off the diving board
shoot me an email
I beat myself up about it
I'd kill for that view
my friend wants to diet
I don't want to be here when they paint
my sister hit the jackpot
the movie was so bad I left
never mind
I want to end my contract
I don't want to live like my parents
I want to die a rich old woman
I took all the pills out of the cupboard
I'm sick of this life of meetings
my friend overdosed on sugar
I lost my brother to suicide
I can't take it anymore, the neighbours are so loud
I'm so bored I could die
he has a knife collection
what is self harm?
I cut myself a slice of cake
he collapsed the tent
I'm going to hang myself a picture
""".strip().splitlines()

GERMAN = {
    "danger.self-harm": "Ich will sterben|Ich will nicht mehr leben|ich möchte nicht mehr da sein"
    "|Ich habe Selbstmordgedanken|Ich wünschte, ich wäre tot|Ich denke oft an Selbstmord"
    "|ich bringe mich um|Ich ritze mich wieder",
    "danger.self-harm.urgent": "Ich habe alle meine Tabletten genommen",
    "danger.violence.urgent": "Mein Mann schlägt mich",
    "danger.violence": "Er hat mich gestern geschlagen|Ich habe Angst vor meinem Freund",
    "danger.emergency.urgent": "Ich kriege keine Luft|Mein Vater ist zusammengebrochen",
    "danger.someone-else": "Meine Freundin will sich umbringen"
    "|Mein Bruder sagt, dass er sterben will",
    "": "Ich will nicht sterben|Ich könnte vor Lachen sterben|er hat mich beim Schach geschlagen"
    "|Ich bin todmüde|Mein Opa ist gestorben|Im Film sagt er „Ich will sterben“"
    "|Ich werde mich nicht umbringen|mein Handy ist tot|ich habe meine Tabletten genommen",
}
