namespace Orders.Simulator.Tables;

/// <summary>What people in Madrid do for a living, in both grammatical genders.</summary>
internal static class Occupations
{
    private static readonly (string Male, string Female)[] All =
    [
        ("Abogado", "Abogada"), ("Administrativo", "Administrativa"), ("Agente inmobiliario", "Agente inmobiliaria"),
        ("Albañil", "Albañil"), ("Analista de datos", "Analista de datos"), ("Arquitecto", "Arquitecta"),
        ("Auxiliar de vuelo", "Auxiliar de vuelo"), ("Bibliotecario", "Bibliotecaria"), ("Bombero", "Bombera"),
        ("Cajero", "Cajera"), ("Camarero", "Camarera"), ("Carnicero", "Carnicera"), ("Carpintero", "Carpintera"),
        ("Cartero", "Cartera"), ("Celador", "Celadora"), ("Cerrajero", "Cerrajera"), ("Chapista", "Chapista"),
        ("Cocinero", "Cocinera"), ("Comercial", "Comercial"), ("Conductor de autobús", "Conductora de autobús"),
        ("Conserje", "Conserje"), ("Contable", "Contable"), ("Dependiente", "Dependienta"),
        ("Diseñador gráfico", "Diseñadora gráfica"), ("Economista", "Economista"), ("Electricista", "Electricista"),
        ("Encofrador", "Encofradora"), ("Enfermero", "Enfermera"), ("Farmacéutico", "Farmacéutica"),
        ("Fisioterapeuta", "Fisioterapeuta"), ("Florista", "Florista"), ("Fontanero", "Fontanera"),
        ("Fotógrafo", "Fotógrafa"), ("Funcionario", "Funcionaria"), ("Guía turístico", "Guía turística"),
        ("Ingeniero civil", "Ingeniera civil"), ("Jardinero", "Jardinera"), ("Librero", "Librera"),
        ("Limpiador", "Limpiadora"), ("Maestro", "Maestra"), ("Maquinista de metro", "Maquinista de metro"),
        ("Mecánico", "Mecánica"), ("Médico", "Médica"), ("Músico", "Música"), ("Óptico", "Óptica"),
        ("Panadero", "Panadera"), ("Pastelero", "Pastelera"), ("Peluquero", "Peluquera"), ("Periodista", "Periodista"),
        ("Pintor", "Pintora"), ("Policía municipal", "Policía municipal"),
        ("Profesor de instituto", "Profesora de instituto"), ("Programador", "Programadora"),
        ("Psicólogo", "Psicóloga"), ("Recepcionista", "Recepcionista"),
        ("Reparador de bicicletas", "Reparadora de bicicletas"), ("Repartidor", "Repartidora"), ("Sastre", "Sastra"),
        ("Soldador", "Soldadora"), ("Taxista", "Taxista"), ("Técnico de laboratorio", "Técnica de laboratorio"),
        ("Tapicero", "Tapicera"), ("Trabajador social", "Trabajadora social"), ("Traductor", "Traductora"),
        ("Veterinario", "Veterinaria"), ("Zapatero", "Zapatera"), ("Estudiante", "Estudiante"),
        ("Estudiante", "Estudiante"), ("Estudiante", "Estudiante"), ("Jubilado", "Jubilada"), ("Jubilado", "Jubilada"),
        ("Jubilado", "Jubilada"), ("Jubilado", "Jubilada"),
    ];

    public static string Draw(SeededRandom random, bool female)
    {
        var (male, hers) = random.Pick(All);
        return female ? hers : male;
    }
}
