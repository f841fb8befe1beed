from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_it_openapi_pec.tools.italy import birth_place, municipality, place_table
from odoo.addons.l10n_it_openapi_pec.tools.italy import names as italian_form
from odoo.addons.l10n_it_openapi_pec.tools.italy.municipality import Judgement, Municipality

from ..odd_values import ODD_VALUES

RIGHT = [
    ('Roma', 'RM'), ('roma', 'rm'), ('ROMA', 'RM'), (' Roma ', ' RM '), ('Ròma', 'RM'), ('Milano', 'MI'),
    ('Napoli', 'NA'),
    # small words and saints, as people write them
    ('Reggio Emilia', 'RE'), ("Reggio nell'Emilia", 'RE'), ('Reggio Calabria', 'RC'), ('Reggio di Calabria', 'RC'),
    ('S. Giovanni Rotondo', 'FG'), ('S.Giovanni Rotondo', 'FG'), ('Santa Maria Capua Vetere', 'CE'),
    ('S. Maria Capua Vetere', 'CE'), ('SS. Cosma e Damiano', 'LT'), ('Quartu S. Elena', 'CA'),
    ('Isola Capo Rizzuto', 'KR'), ('Cava dei Tirreni', 'SA'), ('Cassano allo Ionio', 'CS'),
    ('Roccella Jonica', 'RC'), ('Roccella Ionica', 'RC'), ('Iesi', 'AN'), ('Jesi', 'AN'), ('Sesto S. Giovanni', 'MI'),
    ('S. Remo', 'IM'), ('St. Vincent', 'AO'), ('St Vincent', 'AO'), ('Cernusco s/Naviglio', 'MI'),
    ('Trezzano S/Naviglio', 'MI'), ('SESTO S.GIOVANNI', 'MI'), ('LAQUILA', 'AQ'), ('L AQUILA', 'AQ'),
    # apostrophes and dashes of every kind
    ("L'Aquila", 'AQ'), ('L’Aquila', 'AQ'), ('L´Aquila', 'AQ'), ('L`Aquila', 'AQ'), ('Lʼ Aquila', 'AQ'),
    ('L′Aquila', 'AQ'), ("Sant'Agata de' Goti", 'BN'), ('Sant’Agata de’ Goti', 'BN'), ("Forli'", 'FC'),
    ('Forlì', 'FC'), ('Forli\u0300', 'FC'), ('Citta di Castello', 'PG'), ("CITTA' DI CASTELLO", 'PG'),
    ('Corigliano-Rossano', 'CS'), ('Corigliano–Rossano', 'CS'), ('Corigliano — Rossano', 'CS'),
    ('Corigliano Rossano', 'CS'), ('Corigliano‑Rossano', 'CS'), ('Giardini Naxos', 'ME'), ('Saint Vincent', 'AO'),
    # in two languages
    ('Bolzano', 'BZ'), ('Bozen', 'BZ'), ('Bolzano/Bozen', 'BZ'), ('Bozen/Bolzano', 'BZ'), ('Bolzano - Bozen', 'BZ'),
    ('Merano/Meran', 'BZ'), ('Aosta', 'AO'), ('Aoste', 'AO'), ('Duino Aurisina', 'TS'),
    ('Duino-Aurisina/Devin-Nabrežina', 'TS'), ('Duino Aurisina-Devin Nabrežina', 'TS'), ('Sgonico', 'TS'),
    ('Zgonik', 'TS'), ('San Giovanni di Fassa', 'TN'), ('Udine/Udin', 'UD'), ('Gorizia/Gorica', 'GO'),
    ('Cagliari/Casteddu', 'CA'), ('Tripi', 'ME'),
    ('Brixen-Bressanone', 'BZ'), ('Merano-Meran', 'BZ'), ('Bressanone Brixen', 'BZ'), ('Trst', 'TS'),
    # names that stand twice
    ('Samone', 'TO'), ('Samone', 'TN'), ('Castro', 'BG'), ('Castro', 'LE'), ('Livo', 'CO'), ('Livo', 'TN'),
    ('Peglio', 'CO'), ('Peglio', 'PU'), ('San Teodoro', 'ME'), ('San Teodoro', 'SS'), ('San Teodoro', 'OT'),
    ('Calliano', 'TN'), ('Brione', 'BS'),
    # Sardinia: registers of the state write the provinces of 2016, ISTAT those of the reform
    ('Olbia', 'SS'), ('Olbia', 'OT'), ('Tempio Pausania', 'OT'), ('La Maddalena', 'SS'), ('La Maddalena', 'OT'),
    ('Tortolì', 'NU'), ('Tortolì', 'OG'), ('Lanusei', 'OG'), ('Seui', 'SU'), ('Seui', 'OG'), ('Iglesias', 'SU'),
    ('Iglesias', 'CI'), ('Carbonia', 'SU'), ('Carbonia', 'CI'), ('Teulada', 'SU'), ('Teulada', 'CI'),
    ('Sanluri', 'SU'), ('Sanluri', 'VS'), ('Villacidro', 'VS'), ('Muravera', 'SU'), ('Muravera', 'CA'),
    ('Dolianova', 'CA'), ('Seulo', 'SU'), ('Seulo', 'NU'), ('Genoni', 'SU'), ('Genoni', 'CA'), ('Cagliari', 'CA'),
    ('Sassari', 'SS'), ('Alghero', 'SS'), ('Nuoro', 'NU'), ('Oristano', 'OR'), ('Bosa', 'OR'),
    # new ones
    ('Castegnero Nanto', 'VI'), ('Uggiate con Ronago', 'CO'), ('Setteville', 'BL'), ("Santa Caterina d'Este", 'PD'),
]
# municipality, province, reason, what is proposed
WRONG = [
    # another province
    ('Roma', 'MI', 'place_elsewhere', ['Roma (RM)']), ('Torino', 'RM', 'place_elsewhere', ['Torino (TO)']),
    ('Monza', 'MI', 'place_elsewhere', ['Monza (MB)']), ('Lodi', 'MI', 'place_elsewhere', ['Lodi (LO)']),
    ('Prato', 'FI', 'place_elsewhere', ['Prato (PO)']), ('Bozen', 'TN', 'place_elsewhere', ['Bolzano (BZ)']),
    ('Forlì', 'FO', 'place_elsewhere', ['Forlì (FC)']), ('Pesaro', 'PS', 'place_elsewhere', ['Pesaro (PU)']),
    ('Samone', 'VR', 'place_elsewhere', ['Samone (TO)', 'Samone (TN)']),
    ('Olbia', 'CA', 'place_elsewhere', ['Olbia (SS)']), ('Iglesias', 'SS', 'place_elsewhere', ['Iglesias (SU)']),
    ('Cagliari', 'SU', 'place_elsewhere', ['Cagliari (CA)']), ('Alghero', 'OT', 'place_elsewhere', ['Alghero (SS)']),
    ('Roma', 'Roma', 'place_elsewhere', ['Roma (RM)']), ('Roma', '', 'place_elsewhere', ['Roma (RM)']),
    ('Sesto', 'MI', 'place_elsewhere', ['Sesto San Giovanni (MI)', 'Sesto (BZ)']),
    # misspelt, or not the whole name
    ('Milnao', 'MI', 'place_misspelt', ['Milano (MI)']), ('Milnao', 'RM', 'place_misspelt', ['Milano (MI)']),
    ('Tornio', 'TO', 'place_misspelt', ['Torino (TO)']), ('Bolgna', 'BO', 'place_misspelt', ['Bologna (BO)']),
    ('Napoil', 'NA', 'place_misspelt', ['Napoli (NA)']), ('Genvoa', 'GE', 'place_misspelt', ['Genova (GE)']),
    ('Rmoa', 'RM', 'place_misspelt', ['Roma (RM)']), ('Palerrno', 'PA', 'place_misspelt', ['Palermo (PA)']),
    ('Brecia', 'BS', 'place_misspelt', ['Brescia (BS)']),
    ('Cortina', 'BL', 'place_misspelt', ["Cortina d'Ampezzo (BL)"]),
    ('Vibo', 'VV', 'place_misspelt', ['Vibo Valentia (VV)']), ('Novi', 'MO', 'place_misspelt', ['Novi di Modena (MO)']),
    ('Roma Capitale', 'RM', 'place_misspelt', ['Roma (RM)']), ('Roma EUR', 'RM', 'place_misspelt', ['Roma (RM)']),
    ('Massa Carrara', 'MS', 'place_misspelt', ['Carrara (MS)', 'Massa (MS)']),
    # abbreviated
    ('S. Maria C.V.', 'CE', 'place_misspelt', ['Santa Maria Capua Vetere (CE)']),
    ('Santa Margherita L.', 'GE', 'place_misspelt', ['Santa Margherita Ligure (GE)']),
    ('S.Martino B.A.', 'VR', 'place_misspelt', ['San Martino Buon Albergo (VR)']),
    ('Reggio E.', 'RE', 'place_misspelt', ["Reggio nell'Emilia (RE)"]),
    ('Sesto F.no', 'FI', 'place_misspelt', ['Sesto Fiorentino (FI)']),
    ('Busto A.', 'VA', 'place_misspelt', ['Busto Arsizio (VA)']),
    ('Vittorio V.to', 'TV', 'place_misspelt', ['Vittorio Veneto (TV)']),
    ('P.to S. Giorgio', 'FM', 'place_misspelt', ['Porto San Giorgio (FM)']),
    ('Novi L.', 'AL', 'place_misspelt', ['Novi Ligure (AL)']),
    # what is not the name
    ('Roma/RM', 'RM', 'place_misspelt', ['Roma (RM)']), ('Roma - RM', 'RM', 'place_misspelt', ['Roma (RM)']),
    ('Roma.', 'RM', 'place_misspelt', ['Roma (RM)']), ('Comune di Roma', 'RM', 'place_misspelt', ['Roma (RM)']),
    ('Fraz. Acilia', 'RM', 'place_hamlet', ['Roma (RM)']), ('Loc. Milanofiori', 'MI', 'place_hamlet', ['Assago (MI)']),
    # hamlets
    ('Domegliara', 'VR', 'place_hamlet', ["Sant'Ambrogio di Valpolicella (VR)"]),
    ('Bagnoli', 'NA', 'place_hamlet', ['Napoli (NA)']), ('Torvaianica', 'RM', 'place_hamlet', ['Pomezia (RM)']),
    ('Sottomarina', 'VE', 'place_hamlet', ['Chioggia (VE)']), ('Scauri', 'LT', 'place_hamlet', ['Minturno (LT)']),
    ('Castelverde', 'RM', 'place_hamlet', ['Roma (RM)']), ('Paestum', 'SA', 'place_hamlet', ['Capaccio Paestum (SA)']),
    ('Igea Marina', 'RN', 'place_misspelt', ['Bellaria-Igea Marina (RN)']),
    ('Ostia', 'RM', 'place_hamlet', ['Roma (RM)']), ('Lido di Ostia', 'RM', 'place_hamlet', ['Roma (RM)']),
    ('Milano Marittima', 'RA', 'place_hamlet', ['Cervia (RA)']), ('Marghera', 'VE', 'place_hamlet', ['Venezia (VE)']),
    ('Marina di Carrara', 'MS', 'place_hamlet', ['Carrara (MS)']),
    ('Porto Cervo', 'OT', 'place_hamlet', ['Arzachena (SS)']), ('Intra', 'VB', 'place_former', ['Verbania (VB)']),
    ('Fregene', 'RM', 'place_hamlet', ['Fiumicino (RM)']),
    # what is no more, or has another name
    ('Mestre', 'VE', 'place_former', ['Venezia (VE)']), ('Nervi', 'GE', 'place_former', ['Genova (GE)']),
    ('Corigliano Calabro', 'CS', 'place_former', ['Corigliano-Rossano (CS)']),
    ('Rossano', 'CS', 'place_former', ['Corigliano-Rossano (CS)']),
    ('Porretta Terme', 'BO', 'place_former', ['Alto Reno Terme (BO)']),
    ('Bazzano', 'BO', 'place_former', ['Valsamoggia (BO)']), ('Nicastro', 'CZ', 'place_former', ['Lamezia Terme (CZ)']),
    ('Abano', 'PD', 'place_former', ['Abano Terme (PD)']), ('Lonato', 'BS', 'place_former', ['Lonato del Garda (BS)']),
    ('Quero', 'BL', 'place_former', ['Setteville (BL)']), ('Nanto', 'VI', 'place_former', ['Castegnero Nanto (VI)']),
    ('Terranova Pausania', 'SS', 'place_former', ['Olbia (SS)']),
    ('Fiume', 'FU', 'place_gone', []), ('Pola', 'PL', 'place_gone', []), ('Zara', 'ZA', 'place_gone', []),
    ('Capodistria', 'TS', 'place_gone', []),
    ('Pellaro', 'RC', 'place_former', ['Reggio di Calabria (RC)']),
    # abroad, or nothing
    ('Lugano', 'EE', 'place_unknown', []), ('Lugano', 'TI', 'place_unknown', []),
    ('Parigi', 'RM', 'place_unknown', []), ('Lugano', 'CO', 'place_unknown', []), ('London', 'MI', 'place_unknown', []),
    ('Barcellona', 'RM', 'place_unknown', []), ('Berlino', 'MI', 'place_unknown', []),
    ('Chiasso', 'CO', 'place_unknown', []), ('Xyzzy', 'RM', 'place_unknown', []),
    ('', 'RM', 'missing', []), (None, 'RM', 'missing', []),
]
# municipality, province -> what is proposed, of texts that are more than a name as well
PROPOSED = {
    ('Roma', 'RM'): [], ('Roma (RM)', 'RM'): ['Roma (RM)'], ('00100 Roma', 'RM'): ['Roma (RM)'],
    ('Roma, RM', 'RM'): ['Roma (RM)'], ('Roma (RM)', ''): ['Roma (RM)'], ('20121 Milano (MI)', 'MI'): ['Milano (MI)'],
    ('Roma', False): ['Roma (RM)'], ('Samone', None): ['Samone (TO)', 'Samone (TN)'], ('', ''): [], (None, None): [],
    ('Milano 2', 'MI'): ['Segrate (MI)'], ('OSTIA (ROMA)', 'RM'): ['Roma (RM)'], ('Roma, Italia', 'RM'): ['Roma (RM)'],
    ('12345', 'RM'): [], ('Milnao', 'MI'): ['Milano (MI)'],
}
# municipality of birth, province: what was right on some day
BORN = [
    ('Roma', 'RM'), ('Monza', 'MI'), ('Monza', 'MB'), ('Lodi', 'MI'), ('Forlì', 'FO'), ('Forlì', 'FC'),
    ('Pesaro', 'PS'), ('Biella', 'VC'), ('Olbia', 'SS'), ('Olbia', 'OT'), ('Fiume', 'FU'), ('Pola', 'PL'),
    ('Corigliano Calabro', 'CS'),
    ('Mestre', 'VE'), ('Abano', 'PD'), ('Samone', 'AO'), ('Iglesias', 'CA'),
]


@tagged('post_install_l10n', 'post_install', '-at_install')
class TestMunicipality(BaseCase):

    def test_right(self):
        for name, province in RIGHT:
            with self.subTest(name=name, province=province):
                self.assertEqual(municipality.judge(name, province), Judgement('fine'))
                self.assertEqual(municipality.judge_birth(name, province), Judgement('fine'))
                self.assertEqual(italian_form.judge_municipality(name), 'fine')
                self.assertEqual(municipality.propose(name, province), ())

    def test_wrong(self):
        for name, province, reason, places in WRONG:
            with self.subTest(name=name, province=province):
                judgement = municipality.judge(name, province)
                self.assertEqual((judgement.reason, list(map(str, judgement.places))), (reason, places))

    def test_proposed(self):
        for (name, province), places in PROPOSED.items():
            with self.subTest(name=name, province=province):
                self.assertEqual(list(map(str, municipality.propose(name, province))), places)

    def test_born(self):
        for name, province in BORN:
            with self.subTest(name=name, province=province):
                self.assertEqual(municipality.judge_birth(name, province), Judgement('fine'))
        self.assertEqual(
            municipality.judge_birth('Roma', 'MI'), Judgement('place_elsewhere', (Municipality('Roma', 'RM'),)))

    def test_every_municipality(self):
        """Each one that is, under each of its names and in each of its provinces, is right, and so is its birth."""
        count = 0
        for row in place_table.rows().values():
            if row.is_municipality and not row.last_day:
                count += 1
                for name in row.names:
                    for province in row.provinces:
                        for text in (name, name.upper(), name.replace("'", '’').replace('-', '–')):
                            self.assertEqual(municipality.judge(text, province), Judgement('fine'), text)
        self.assertGreater(count, 7800)

    def test_every_place_of_birth(self):
        """Each municipality that ever was is right with each province in which it ever was."""
        for row in place_table.rows().values():
            if row.is_municipality:
                for name in (*row.names, *(past for _end, past in row.past_names)):
                    for province in row.provinces_ever:
                        self.assertEqual(municipality.judge_birth(name, province), Judgement('fine'), name)
                        self.assertTrue(birth_place.same_province(row.code, province), name)

    def test_what_is_proposed_is_right(self):
        """Of each municipality that is no more, and of each former name, what is proposed is one of now."""
        for row in place_table.rows().values():
            for name in (row.name, *(past for _end, past in row.past_names)) if row.is_municipality else ():
                judgement = municipality.judge(name, row.area)
                for place in judgement.places:
                    self.assertEqual(municipality.judge(*place), Judgement('fine'), place)
                self.assertIn(judgement.reason, (
                    'fine', 'place_former', 'place_gone', 'place_elsewhere', 'place_hamlet'), name)

    def test_sardinia(self):
        """The reform: 377 municipalities, as many in each province as ISTAT counts since 2026."""
        counts = {}
        for row in place_table.rows().values():
            if row.is_municipality and not row.last_day and row.area in ('CA', 'NU', 'OR', 'SS', 'SU'):
                province = row.provinces[-1]
                counts[province] = counts.get(province, 0) + 1
        self.assertEqual(
            counts, {'CA': 70, 'CI': 24, 'NU': 53, 'OG': 23, 'OR': 87, 'OT': 26, 'SS': 66, 'VS': 28})

    def test_hamlets(self):
        lines = municipality.HAMLETS.read_text(encoding='utf-8').splitlines()[1:]
        names = [line.rpartition(',')[0] for line in lines]
        self.assertEqual(names, sorted(set(names), key=str.lower))
        for line in lines:
            name, _comma, code = line.rpartition(',')
            row = place_table.row(code)
            self.assertTrue(row and row.is_municipality and not row.last_day, name)
            self.assertIn(Municipality(row.name, row.area), municipality.judge(name, row.area).places, name)

    def test_odd_values(self):
        for value in ODD_VALUES:
            with self.subTest(value=str(value)[:40].encode('ascii', 'backslashreplace')):
                self.assertIsInstance(municipality.judge(value, 'RM'), Judgement)
                self.assertIsInstance(municipality.judge('Roma', value), Judgement)
                self.assertIsInstance(municipality.propose(value, value), tuple)
                self.assertIsInstance(municipality.judge_birth(value, value), Judgement)
                self.assertIs(birth_place.same_province(value, 'RM'), False)
                self.assertIs(birth_place.same_province('H501', value), False)
