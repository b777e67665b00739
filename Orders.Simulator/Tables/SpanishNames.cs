using Bogus;
using Names = Bogus.DataSets.Name;

namespace Orders.Simulator.Tables;

/// <summary>
/// Names as they are met in Madrid: the commonest ones, and for the long tail Bogus' Spanish lists, which have a dozen
/// first names per gender and mostly American surnames and would be monotonous alone.
/// </summary>
internal sealed class SpanishNames
{
    private const double CommonFirstName = 0.85;
    private const double CommonLastName = 0.65;

    private static readonly string[] Women =
    [
        "María", "Carmen", "Isabel", "Lucía", "Paula", "Cristina", "Elena", "Pilar", "Sofía", "Raquel", "Beatriz", "Silvia", "Teresa",
        "Rosa", "Patricia", "Mónica", "Alba", "Irene", "Nuria", "Sara", "Julia", "Rocío", "Alicia", "Inés", "Clara", "Eva", "Marina",
        "Daniela", "Carla", "Noelia", "Mercedes", "Dolores", "Concepción", "Josefa", "Manuela", "Victoria", "Yolanda", "Valeria", "Gloria",
        "Susana", "Natalia", "Begoña",
    ];

    private static readonly string[] Men =
    [
        "Antonio", "José", "Francisco", "Juan", "Javier", "David", "Carlos", "Jesús", "Alejandro", "Rafael", "Pablo", "Fernando", "Sergio",
        "Luis", "Alberto", "Álvaro", "Adrián", "Diego", "Hugo", "Mario", "Raúl", "Enrique", "Vicente", "Ramón", "Andrés", "Santiago",
        "Víctor", "Eduardo", "Roberto", "Jaime", "Ignacio", "Marcos", "Gonzalo", "Óscar", "Joaquín", "Emilio", "Julio", "Lucas", "Nicolás",
        "Gabriel", "Samuel", "Tomás",
    ];

    private static readonly string[] Surnames =
    [
        "García", "Rodríguez", "González", "Fernández", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Martín", "Jiménez", "Hernández",
        "Ruiz", "Díaz", "Moreno", "Muñoz", "Álvarez", "Romero", "Gutiérrez", "Alonso", "Navarro", "Torres", "Domínguez", "Ramos", "Vázquez",
        "Ramírez", "Gil", "Serrano", "Molina", "Blanco", "Morales", "Suárez", "Ortega", "Castro", "Delgado", "Ortiz", "Marín", "Rubio",
        "Núñez", "Medina", "Sanz", "Castillo", "Iglesias", "Cortés", "Garrido", "Santos", "Guerrero", "Lozano", "Cano", "Cruz", "Prieto",
        "Flores", "Herrera", "Peña", "León", "Cabrera", "Márquez", "Gallego", "Calvo", "Vidal", "Campos", "Reyes", "Vega", "Fuentes",
        "Carrasco", "Aguilar", "Caballero", "Nieto", "Santana", "Pascual", "Herrero", "Hidalgo", "Montero", "Lorenzo", "Giménez",
    ];

    private readonly Names _bogus = new("es");

    public (string First, string Last) Draw(SeededRandom random, bool female)
    {
        _bogus.Random = new Randomizer((int)(random.NextBits() >> 33));
        var first = random.Chance(CommonFirstName)
            ? random.Pick(female ? Women : Men)
            : _bogus.FirstName(female ? Names.Gender.Female : Names.Gender.Male);
        return (first, random.Chance(CommonLastName) ? Common(random) : _bogus.LastName());
    }

    /// <summary>The list is in order of frequency: the front half is drawn three times as often as the rear.</summary>
    private static string Common(SeededRandom random) => Surnames[Math.Min(random.Below(Surnames.Length), random.Below(Surnames.Length))];
}
