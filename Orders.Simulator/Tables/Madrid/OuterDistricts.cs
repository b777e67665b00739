namespace Orders.Simulator.Tables.Madrid;

/// <summary>The districts to the south and east (numbers 10 to 21).</summary>
internal static class OuterDistricts
{
    public static readonly IReadOnlyList<Area> All =
    [
        new("Latina", 241_672,
            new Outline(
                (404125, -37255), (404070, -37245), (404010, -37330), (403940, -37440), (403860, -37530), (403790, -37690),
                (403780, -37850), (403870, -37830), (403960, -37700), (404030, -37560), (404105, -37420)),
            ["28011", "28024", "28044", "28047"],
            ["Los Cármenes", "Puerta del Ángel", "Lucero", "Aluche", "Campamento", "Cuatro Vientos", "Las Águilas"],
            [
                "Paseo de Extremadura", "Calle de Illescas", "Calle de Maqueda", "Avenida de los Poblados",
                "Calle de Sepúlveda", "Vía Carpetana", "Calle de Valmojado", "Calle de Camarena", "Avenida del General Fanjul",
                "Calle de Caramuel", "Calle de Escalona"
            ]),
        new("Carabanchel", 262_339,
            new Outline(
                (403965, -37185), (403915, -37120), (403850, -37190), (403775, -37245), (403690, -37320), (403640, -37450),
                (403690, -37580), (403770, -37560), (403840, -37465), (403920, -37380), (403975, -37280)),
            ["28019", "28025", "28044", "28054"],
            ["Comillas", "Opañel", "San Isidro", "Vista Alegre", "Puerta Bonita", "Buenavista", "Abrantes"],
            [
                "Calle del General Ricardos", "Calle de la Oca", "Avenida de Oporto", "Calle de Eugenia de Montijo",
                "Avenida de Abrantes", "Camino Viejo de Leganés", "Calle de Antonio Leyva", "Avenida de la Peseta",
                "Calle de Nuestra Señora de la Luz", "Calle de la Duquesa de Tamames", "Calle de Matilde Hernández"
            ]),
        new("Usera", 142_746,
            new Outline(
                (403890, -37060), (403860, -36995), (403790, -36915), (403700, -36885), (403650, -36950), (403675, -37110),
                (403685, -37220), (403770, -37180), (403855, -37130)),
            ["28026", "28041"],
            ["Orcasitas", "Orcasur", "San Fermín", "Almendrales", "Moscardó", "Zofío", "Pradolongo"],
            [
                "Calle de Marcelo Usera", "Avenida de Rafaela Ybarra", "Calle de Antonio López",
                "Calle del Doctor Tolosa Latour", "Avenida de Córdoba", "Calle de Nicolás Sánchez", "Avenida de los Poblados",
                "Calle de San Filiberto", "Avenida de San Fermín", "Calle de Dolores Barranco"
            ]),
        new("Puente de Vallecas", 241_603,
            new Outline(
                (403970, -36665), (403975, -36560), (403955, -36420), (403915, -36340), (403840, -36400), (403760, -36520),
                (403710, -36680), (403760, -36780), (403860, -36740)),
            ["28018", "28038", "28053"],
            ["Entrevías", "San Diego", "Palomeras Bajas", "Palomeras Sureste", "Portazgo", "Numancia"],
            [
                "Avenida de la Albufera", "Avenida de Pablo Neruda", "Calle de Peña Prieta", "Avenida de Entrevías",
                "Calle de Martínez de la Riva", "Avenida de Rafael Alberti", "Calle de Pedro Laborde",
                "Calle del Arroyo del Olivar", "Avenida de San Diego", "Avenida de Buenos Aires",
                "Calle de Carlos Martín Álvarez"
            ]),
        new("Moratalaz", 92_814,
            new Outline(
                (404150, -36580), (404160, -36450), (404120, -36330), (404020, -36290), (404000, -36370), (404025, -36530),
                (404060, -36590)),
            ["28030"],
            ["Pavones", "Horcajo", "Marroquina", "Media Legua", "Fontarrón", "Vinateros"],
            [
                "Calle de la Hacienda de Pavones", "Camino de los Vinateros", "Calle de Arroyo de la Media Legua",
                "Avenida de Moratalaz", "Calle del Corregidor Diego de Valderrábano", "Calle de Arroyo Fontarrón",
                "Calle del Doctor García Tapia", "Calle de la Fuente Carrantona", "Calle de la Encomienda de Palacios"
            ]),
        new("Ciudad Lineal", 220_345,
            new Outline(
                (404240, -36560), (404350, -36575), (404450, -36565), (404570, -36590), (404680, -36630), (404690, -36580),
                (404560, -36525), (404450, -36475), (404370, -36335), (404280, -36345), (404215, -36440)),
            ["28017", "28027", "28043"],
            [
                "Ventas", "Pueblo Nuevo", "Quintana", "Concepción", "San Pascual", "San Juan Bautista", "Colina", "Atalaya",
                "Costillares"
            ],
            [
                "Calle de Alcalá", "Calle de Arturo Soria", "Calle de José del Hierro", "Calle de Virgen del Sagrario",
                "Calle de Hermanos García Noblejas", "Calle de Emilio Ferrari", "Calle de López de Hoyos",
                "Calle de Vital Aza", "Avenida de Daroca", "Calle de Elfo", "Calle de Gutierre de Cetina"
            ]),
        new("Hortaleza", 198_391,
            new Outline(
                (404560, -36460), (404590, -36300), (404680, -36230), (404800, -36220), (404860, -36150), (404920, -36230),
                (404890, -36420), (404945, -36560), (404880, -36640), (404780, -36640), (404715, -36540)),
            ["28033", "28043", "28050", "28055"],
            ["Palomas", "Piovera", "Canillas", "Pinar del Rey", "Apóstol Santiago", "Valdefuentes"],
            [
                "Gran Vía de Hortaleza", "Calle de Silvano", "Calle de Mar de Cristal", "Avenida de San Luis",
                "Calle del Mar Caspio", "Calle de Mota del Cuervo", "Avenida de Francisco Pi y Margall",
                "Avenida de las Fuerzas Armadas", "Calle de Ayacucho", "Calle de Arequipa", "Carretera de Canillas"
            ]),
        new("Villaverde", 159_038,
            new Outline(
                (403600, -36990), (403590, -36870), (403450, -36830), (403370, -36880), (403370, -37100), (403430, -37180),
                (403530, -37110)),
            ["28021", "28041"],
            ["Villaverde Alto", "San Cristóbal", "Butarque", "Los Rosales", "Los Ángeles"],
            [
                "Avenida Real de Pinto", "Paseo de Alberto Palacios", "Calle de Villalonso", "Avenida de Andalucía",
                "Calle de la Alcudia", "Calle de Alcocer", "Avenida de la Felicidad", "Calle del Potasio", "Calle de Godella",
                "Calle de Rocafort"
            ]),
        new("Villa de Vallecas", 117_501,
            new Outline(
                (403830, -36270), (403850, -36100), (403790, -36010), (403690, -35950), (403620, -36020), (403640, -36180),
                (403720, -36280)),
            ["28031", "28051"],
            ["Casco Histórico de Vallecas", "Santa Eugenia", "Ensanche de Vallecas"],
            [
                "Paseo de Federico García Lorca", "Calle de Real de Arganda", "Avenida de Santa Eugenia", "Gran Vía del Este",
                "Avenida del Ensanche de Vallecas", "Calle de Puentelarra", "Calle de Sierra de Guadalupe",
                "Avenida de la Gavia", "Calle de Peñaranda de Bracamonte", "Calle de Embalse de Navacerrada"
            ]),
        new("Vicálvaro", 83_804,
            new Outline(
                (404100, -36110), (404085, -35990), (404020, -35960), (403960, -36040), (403950, -36190), (404000, -36240),
                (404060, -36190)),
            ["28032", "28052"],
            ["Casco Histórico de Vicálvaro", "Valdebernardo", "Valderrivas", "El Cañaveral"],
            [
                "Paseo de los Artilleros", "Calle de San Cipriano", "Avenida de la Democracia", "Calle de Villablanca",
                "Bulevar de Indalecio Prieto", "Calle de Villajimena", "Camino de las Cruces", "Avenida de la Aurora Boreal",
                "Calle de Minerva"
            ]),
        new("San Blas-Canillejas", 161_219,
            new Outline(
                (404400, -36280), (404490, -36130), (404490, -35960), (404420, -35860), (404310, -35970), (404230, -36000),
                (404200, -36140), (404280, -36270)),
            ["28017", "28022", "28037"],
            ["Simancas", "Hellín", "Amposta", "Arcos", "Rosas", "Rejas", "Canillejas", "El Salvador"],
            [
                "Calle de Alcalá", "Calle de los Hermanos García Noblejas", "Avenida de Guadalajara", "Calle de Amposta",
                "Calle de Julián Camarillo", "Calle de Albasanz", "Calle de Castillo de Uclés", "Calle de Boltaña",
                "Avenida de Niza", "Calle de San Román del Valle", "Avenida de Arcentales"
            ]),
        new("Barajas", 48_646,
            new Outline(
                (404560, -35930), (404550, -35830), (404640, -35790), (404740, -35740), (404790, -35820), (404740, -35930),
                (404660, -36030), (404610, -36030)),
            ["28042"],
            ["Alameda de Osuna", "Aeropuerto", "Casco Histórico de Barajas", "Timón", "Corralejos"],
            [
                "Avenida de Logroño", "Calle de la Rioja", "Plaza Mayor de Barajas", "Avenida de Cantabria",
                "Calle de Playa de Riazor", "Avenida General", "Calle de Bahía de Palma", "Calle de Ayerbe", "Vía Dublín"
            ]),
    ];
}
