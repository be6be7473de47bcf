"""Kinds of words in five languages, so that what is learned in one carries over to the others.

These lists say nothing by themselves: they are inputs that the model weighs, alone and in pairs. A star stands for
any ending. Words are written as `folding.fold` leaves them, without accents. The order is part of the model.
"""

from __future__ import annotations

_KINDS: dict[str, str] = {
    "first": (
        "i im i'm ive i've id i'd ill i'll me my mine myself meself yo mi mis conmigo estoy soy tengo voy quiero "
        "je j'ai jai jsuis jvais jveux j'en moi mon ma mes suis vais veux ich mich mir mein meine meinen meiner meinem "
        "bin habe hab eu mim meu minha meus minhas comigo estou to sou tenho vou quero"
    ),
    "client": "client* clent* patient* cliente* paciente* utente doente consultante klient* patientin* mandant*",
    "close": (
        "friend* frnd brother* bro sister* mum mom mother dad father pops son daughter husband wife boyfriend bf gf "
        "girlfriend housemate flatmate roommate classmate classmates colleague* cousin partner mate buddy grandson "
        "cohort trainee amigo amiga hermano hermana madre padre hijo hija marido pareja companer* novio novia ami amie "
        "frere soeur mere pere fils fille mari femme copain copine coloc camarade freund* bruder schwester mutter "
        "vater sohn tochter mann frau kollege* kollegin mitbewohner* kumpel irmao irma mae pai filho filha esposa "
        "namorado namorada colega"
    ),
    "third": (
        "he she they him her them his hers he's she's hes shes theyre el ella ellos le lui elle il ils er sie ihr ihm "
        "ihn ele ela eles dele dela somebody someone alguien alguem quelqu'un jemand"
    ),
    "child": (
        "child* kid kids boy girl teen* baby lad lads pupil yo year-old nino nina menor adolescente* bebe enfant* "
        "gamin petit petite ado kind kinder junge madchen jugendliche* crianca menino menina miudo bebe stepdad "
        "stepfather padrastro padrasto stiefvater daddy mummy uncle coach"
    ),
    "now": (
        "tonight tonite 2nite now rn already here downstairs outside door room minute minutes min ahora ya esta "
        "ce soir maintenant la nuit cette jetzt gleich gerade grad heute nacht abend agora ja hoje hoy aujourd'hui "
        "today front"
    ),
    "soon": (
        "tomorrow tmrw tmr weekend monday tuesday wednesday thursday friday saturday sunday week date day manana "
        "viernes sabado domingo lunes fecha demain vendredi samedi dimanche lundi date morgen freitag samstag sonntag "
        "montag tag amanha sexta domingo data dia"
    ),
    "past": (
        "ago years teenager once since former teens childhood hace anos antes adolescente ans annees autrefois lycee "
        "jahre jahren fruher damals lange atras antigamente adolescencia faz 19* 200* 201*"
    ),
    "well": (
        "recovered clean sober safe fine grand ok okay well happy glad proud grateful better relieved healed bien "
        "tranquila tranquilo segura salvo contenta bon bonne securite gut sicherheit stabil dankbar froh otimo bem "
        "segura grato"
    ),
    "not": (
        "not no never dont don't isnt isn't wasnt wasn't didnt didn't cant can't won't wont without denied denies deny "
        "denyd nunca ni sin niega ne pas jamais sans n'ai nie nicht kein keine keinen nie ohne verneint nao nunca sem "
        "nega"
    ),
    "death": (
        "die died dies dying death dead suicid* sucid* kms unaliv* morir* muer* muert* mourir mort morte meurs "
        "sterb* tod tot todes* suizid* morrer* morri morra morte morto"
    ),
    "kill": (
        "kill* murder* stab* shoot shot poison* burn attack* hang strangl* chok* smother* matar* mata mato mate "
        "ahorcar* apunal* tuer tue tuerai pendre etrangl* planter umbring* bring erschiess* erschlag* erstech* erhang* "
        "matar* enforcar* furar esfaque*"
    ),
    "means": (
        "pill pills tablet* rope noose gun rifle shotgun pistol knife blade razor bridge roof ledge balcony platform "
        "tracks train cliff* overdos* morphine insulin petrol pastilla* soga cuerda arma cuchill* navaja puente azotea "
        "anden cachet* medicament* comprim* plaquette corde fusil arme couteau lame pont toit quai tablette* seil "
        "messer gewehr klinge brucke dach gleis* comprimid* remedio* corda arma faca gilete ponte passarela trilho"
    ),
    "took": (
        "took taken swallow* drank injected tomado tome tome tragado avale absorbe pris geschluckt genommen tomei "
        "engoli tomou"
    ),
    "hurt": (
        "cut cuts cutting cutt* sliced burn* burning hurt* bleed* blood wrist* scratch* scar* bruis* sh selfharm* "
        "self-harm* injur* corte* cortar* cortado autolesi* dano quem* coupe* scarifi* blesse* mal brule* "
        "ritz* geritzt schneid* verletz* wehgetan narben cortei cortar machuc* magoar* autoles*"
    ),
    "abused": (
        "hits hit beat beats hitting touches touched slap* slaps forced forces controls threat* afraid scared "
        "frightened pega pego peg* golpe* toca toco amenaz* miedo frapp* force peur bat menace* schlag* geschlagen "
        "angefasst angst droht bateu bate batia ameac* medo tocou"
    ),
    "wish": (
        "want wanna wish wishing hope hoping rather urge desire dream fantas* quiero quisiera deseo "
        "deseria ojala ganas "
        "veux voudrais envie espere souhait* will wollte mochte wunsch* hoff* quero queria vontade desej*"
    ),
    "exist": (
        "alive live living exist* life wake waking woke breathing vivir viva vivo vida exist* despert* vivre vie "
        "exister reveiller leben lebens* aufwach* existier* viver viva vida exist* acord* born earth world"
    ),
    "end": (
        "end ending ended finish* done over last final finally gone forever good anymore quit acabar* termin* ultimo "
        "ultima siempre fin finir fini dernier derniere adieu jamais ende schluss letzte* mehr fertig acab* fim "
        "ultima ultimo sempre"
    ),
    "parting": (
        "goodbye* bye farewell sorry forgive letter* note notes thank thanks adios chau despid* despedi* perdon* carta "
        "cartas gracias adieu* pardon* lettre* merci abschied* verabschied* verzeih* danke brief briefe tschuss adeus "
        "despe* desculpa perdo* obrigad*"
    ),
    "affairs": (
        "keys key dog cat plants will passwords insurance affairs order tidy paid bills belongings giving gave gave "
        "envelope envelopes mother funeral llaves gato perro asuntos orden regal* cles chien chat affaires rang* "
        "schlussel katze hund angelegenheiten geordnet verschenk* chave gato cachorro doei ordem"
    ),
    "burden": (
        "burden* weight useless worthless waste without better nobody everyone everybody relieved deserve carga "
        "estorbo mejor nadie todos poids mieux personne monde merite last besser leichter ohne wegen "
        "verdient peso fardo "
        "melhor ninguem todo"
    ),
    "empty": (
        "hopeless point reason future hope nothing empty tired exhausted pointless numb trapped way salida sentido "
        "futuro esperanza nada issue espoir avenir rien vide sinn ausweg hoffnung zukunft nichts leer saida sentido "
        "futuro esperanca nada motivo"
    ),
    "plan": (
        "plan planned decided decision ready chosen set prepared method decid* plan listo prepar* eleg* choisi pret "
        "prete prevu beschlossen entschieden vorbereitet plan decidi escolhi prontos pronto plano"
    ),
    "mind": (
        "think thinking thinkng thoughts thought ideation si feel feeling feels urges pienso pensando pensamientos "
        "ideacion ideas pense pensees idees ideation denke denk gedanken suizidgedanken fuhl* "
        "penso pensamentos ideacao "
        "pensado"
    ),
    "alarm": (
        "help call answer* urgent* emergency 911 999 112 15 duty oncall on-call who ayuda llamo contesta urgenc* "
        "secours appelle urgence repond hilfe rufe anrufen notarzt erreiche ajuda chamo atende socorro report tell "
        "protocol denunciar signaler melden comunicar"
    ),
    "told": (
        "told says said sais sed disclosed confided admitted texted sent posted dice dijo contado conto "
        "escrito mando dit "
        "confie ecrit avoue sagt gesagt schreibt schrieb berichtet anvertraut disse fala falou contou mandou diz"
    ),
    "handled": (
        "informed handed sorted handled documented reviewed signed reported discharged closed noted agreed ward "
        "hospital anotado avise ingresada alta prevenue signale dossier dokumentiert informiert besprochen stabil "
        "registrei comuniquei internada alta"
    ),
    "shop": (
        "supervisor supervision training module lecture seminar assess* screen* scale form template guideline* "
        "protocol* vignette* role roleplay rol c-ssrs phq phq9 risk item theory model research thesis study data "
        "workshop slides taller escala curso vineta protocolo supervisor* formation cours memoire echelle vignette "
        "superviseu* kurs skala fragebogen rollenspiel leitlinie supervis* aula escala modulo artigo tcc vinheta"
    ),
    "school": (
        "essay exam exams course class deadline portal zoom link room rota minutes essay reading chapter quiz slides "
        "paper viva laptop wifi app server printer bot examen clase enlace parcial apuntes partiel dossier salle lien "
        "ordi hausarbeit prufung abgabe raum folien prova sala link apostila turma"
    ),
    "warm": (
        "lol haha lmao happy congrats congratulations birthday coffee cake lunch party holiday wedding laugh* love "
        "beautiful great nice good jaja* feliz vacaciones mdr* ptdr joyeux vacances glucklich urlaub geburtstag kk* "
        "rsrs parabens ferias hahah* beach football"
    ),
    "session": (
        "session sessions sesion* seance seances sitzung* sessao sessoes silence silencio stille "
        "noticed notice learned "
        "learnt realised realized reflect* feedback supervisand* boundaries formulation interpretation alliance"
    ),
}
_SIGNS: dict[str, str] = {"?": "question", '"': "quote"}
_BASIC = 4
"""How many kinds, from the first on, also tell something by not being there."""

NAMES: tuple[str, ...] = (*_KINDS, *_SIGNS.values())
ABSENCES: tuple[str, ...] = NAMES[:_BASIC]

_WHOLE: dict[str, int] = {}
_STEMS: dict[str, int] = {}
for _bit, _words in enumerate((*_KINDS.values(), *_SIGNS)):
    for _word in _words.split():
        _book = _STEMS if _word.endswith("*") else _WHOLE
        _key = _word.rstrip("*")
        _book[_key] = _book.get(_key, 0) | 1 << _bit
_SHORTEST_STEM = min(map(len, _STEMS))
_LONGEST_STEM = max(map(len, _STEMS))


def kinds_of(word: str) -> int:
    """Give the kinds that a folded word belongs to, as bits in the order of `NAMES`."""
    found = _WHOLE.get(word, 0)
    for size in range(_SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1):
        found |= _STEMS.get(word[:size], 0)
    return found
