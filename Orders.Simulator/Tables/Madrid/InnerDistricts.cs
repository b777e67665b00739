namespace Orders.Simulator.Tables.Madrid;

/// <summary>The districts inside the M-30 and those to the north and west of it (numbers 1 to 9).</summary>
internal static class InnerDistricts
{
    public static readonly IReadOnlyList<Area> All =
    [
        new("Centro", 139_687,
            new Outline(
                (404293, -37140), (404283, -37020), (404250, -36920), (404190, -36946), (404100, -36940), (404068, -36995),
                (404062, -37025), (404080, -37110), (404125, -37175), (404200, -37165), (404235, -37125)),
            ["28004", "28005", "28012", "28013", "28014"],
            ["Palacio", "Embajadores", "Cortes", "Justicia", "Universidad", "Sol"],
            [
                "Calle de Fuencarral", "Calle de Atocha", "Calle de Toledo", "Calle Mayor", "Calle de Hortaleza",
                "Calle de Embajadores", "Calle de San Bernardo", "Gran Vía", "Calle del Pez", "Calle de la Palma",
                "Calle de Lavapiés", "Cava Baja"
            ]),
        new("Arganzuela", 153_304,
            new Outline(
                (404048, -37105), (404035, -37025), (404045, -36960), (404045, -36905), (403985, -36795), (403935, -36770),
                (403872, -36890), (403900, -36955), (403985, -37115), (404030, -37190), (404090, -37200), (404070, -37140)),
            ["28005", "28045"],
            ["Imperial", "Acacias", "Chopera", "Legazpi", "Delicias", "Palos de Moguer", "Atocha"],
            [
                "Paseo de las Delicias", "Paseo de Santa María de la Cabeza", "Calle de Embajadores", "Paseo de la Chopera",
                "Calle de Méndez Álvaro", "Calle de Ferrocarril", "Paseo de las Acacias", "Calle de Bustamante",
                "Paseo Imperial", "Calle de Áncora", "Calle de Jaime el Conquistador"
            ]),
        new("Retiro", 117_918,
            new Outline(
                (404185, -36915), (404203, -36840), (404203, -36670), (404120, -36640), (404060, -36675), (403995, -36712),
                (403992, -36755), (404065, -36880), (404100, -36910)),
            ["28007", "28009", "28014"],
            ["Pacífico", "Adelfas", "Estrella", "Ibiza", "Jerónimos", "Niño Jesús"],
            [
                "Calle de Ibiza", "Calle de Narváez", "Avenida de Menéndez Pelayo", "Calle del Doctor Esquerdo",
                "Avenida de la Ciudad de Barcelona", "Calle de Cavanilles", "Calle de Sainz de Baranda",
                "Calle de Alfonso XII", "Calle de Antonio Maura", "Calle de Adelfas"
            ]),
        new("Salamanca", 145_702,
            new Outline(
                (404255, -36885), (404365, -36890), (404370, -36785), (404395, -36690), (404395, -36645), (404310, -36640),
                (404225, -36645), (404218, -36820), (404215, -36870)),
            ["28001", "28006", "28009", "28028"],
            ["Recoletos", "Goya", "Fuente del Berro", "Guindalera", "Lista", "Castellana"],
            [
                "Calle de Serrano", "Calle de Velázquez", "Calle de Goya", "Calle de Alcalá", "Calle de Ayala",
                "Calle de José Ortega y Gasset", "Calle del General Díaz Porlier", "Calle de Cartagena", "Calle de Hermosilla",
                "Calle de Francisco Silvela", "Avenida de los Toreros"
            ]),
        new("Chamartín", 144_796,
            new Outline(
                (404395, -36885), (404650, -36878), (404770, -36860), (404765, -36760), (404690, -36690), (404560, -36650),
                (404450, -36640), (404415, -36690), (404390, -36790)),
            ["28002", "28016", "28036", "28046"],
            ["El Viso", "Prosperidad", "Ciudad Jardín", "Hispanoamérica", "Nueva España", "Castilla"],
            [
                "Calle de López de Hoyos", "Calle del Príncipe de Vergara", "Calle de Alberto Alcocer", "Paseo de la Habana",
                "Calle de Clara del Rey", "Calle de Serrano", "Avenida de Alfonso XIII", "Calle de Víctor de la Serna",
                "Avenida de Pío XII", "Calle de Mateo Inurria", "Calle de Costa Rica"
            ]),
        new("Tetuán", 160_002,
            new Outline(
                (404478, -36935), (404478, -37060), (404540, -37095), (404620, -37095), (404690, -37030), (404730, -36945),
                (404650, -36912), (404550, -36922)),
            ["28020", "28029", "28039"],
            ["Bellas Vistas", "Cuatro Caminos", "Castillejos", "Almenara", "Valdeacederas", "Berruguete"],
            [
                "Calle de Bravo Murillo", "Calle de Francos Rodríguez", "Calle del Marqués de Viana", "Calle de Orense",
                "Calle de Infanta Mercedes", "Avenida de Asturias", "Calle de Sor Ángela de la Cruz", "Calle de Ofelia Nieto",
                "Calle del General Perón", "Calle de Lope de Haro"
            ]),
        new("Chamberí", 138_204,
            new Outline(
                (404308, -37140), (404345, -37165), (404400, -37145), (404455, -37080), (404455, -36940), (404360, -36925),
                (404270, -36930), (404293, -36980), (404303, -37040)),
            ["28003", "28010", "28015"],
            ["Gaztambide", "Arapiles", "Trafalgar", "Almagro", "Ríos Rosas", "Vallehermoso"],
            [
                "Calle de Fuencarral", "Calle de Santa Engracia", "Calle de Bravo Murillo", "Calle de Ponzano",
                "Calle de Cea Bermúdez", "Calle de Alonso Cano", "Calle de Fernández de los Ríos", "Calle de Almagro",
                "Calle de José Abascal", "Calle de Guzmán el Bueno", "Calle de Galileo"
            ]),
        new("Fuencarral-El Pardo", 248_443,
            new Outline(
                (404765, -37200), (404755, -37000), (404795, -36900), (404900, -36820), (405000, -36700), (405110, -36650),
                (405130, -36780), (405090, -37050), (404980, -37240), (404850, -37280)),
            ["28029", "28034", "28035", "28048", "28049", "28050"],
            ["El Pardo", "Fuentelarreina", "Peñagrande", "Pilar", "La Paz", "Valverde", "Mirasierra", "El Goloso"],
            [
                "Avenida de Monforte de Lemos", "Calle de Ginzo de Limia", "Calle de Melchor Fernández Almagro",
                "Avenida del Cardenal Herrera Oria", "Calle de la Costa Brava", "Avenida de Montecarmelo", "Calle de Fermín Caballero",
                "Calle de Nuestra Señora de Valverde", "Calle de Isla de Java", "Avenida del Santuario de Valverde",
                "Calle de Palas de Rey", "Avenida de Ventisquero de la Condesa"
            ]),
        new("Moncloa-Aravaca", 89_757,
            new Outline(
                (404250, -37190), (404310, -37185), (404380, -37180), (404480, -37160), (404560, -37135), (404640, -37135),
                (404695, -37170), (404640, -37255), (404500, -37320), (404380, -37280), (404290, -37240)),
            ["28008", "28015", "28040"],
            ["Argüelles", "Ciudad Universitaria", "Valdezarza", "Casa de Campo"],
            [
                "Calle de la Princesa", "Calle de Ferraz", "Paseo del Pintor Rosales", "Calle de Quintana",
                "Calle de Martín de los Heros", "Avenida de Valladolid", "Calle de Antonio Machado", "Calle de Isaac Peral",
                "Avenida Complutense", "Calle de Altamirano"
            ]),
        new("Moncloa-Aravaca", 32_000,
            new Outline(
                (404500, -37850), (404540, -37720), (404640, -37680), (404690, -37790), (404640, -37930), (404560, -37950)),
            ["28023"],
            ["Aravaca", "Valdemarín", "El Plantío"],
            [
                "Avenida de la Osa Mayor", "Camino de la Zarzuela", "Avenida de Europa",
                "Calle de la Baja de la Iglesia", "Calle de Golondrina", "Avenida de Valdemarín", "Calle de Ana Teresa"
            ]),
    ];
}
