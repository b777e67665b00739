using System.Globalization;

namespace Orders.Simulator.Tables;

/// <summary>
/// Customers of a Madrid shop. Occupations and telephone numbers are of our own making: Bogus' Spanish job titles are
/// American ones translated word by word, and its numbers have no prefix that exists.
/// </summary>
internal static class CustomerGenerator
{
    private const int AgeMin = 18;
    private const int AgeMax = 90;

    /// <summary>Nobody has been a customer for longer than the shop exists.</summary>
    private const int DaysOfHistory = 5 * 365;

    // Top-level and second-level names that are reserved for examples: nobody real can be written to by mistake.
    private static readonly string[] MailDomains = ["correo.example", "buzon.example", "example.com", "example.org"];

    private static readonly Weighted<string> Statuses = new(
        [(CustomerStatus.Active, 0.85), (CustomerStatus.Inactive, 0.10), (CustomerStatus.Suspended, 0.05)]);

    public static IReadOnlyList<Customer> Generate(int seed, int count)
    {
        var stream = new RandomStream(seed, "customers");
        var names = new SpanishNames();
        var mailboxes = new Dictionary<string, int>(StringComparer.Ordinal);
        var customers = new List<Customer>(count);
        for (var row = 0; row < count; row++) customers.Add(One(stream.At(row), names, mailboxes));
        return customers;
    }

    private static Customer One(SeededRandom random, SpanishNames names, Dictionary<string, int> mailboxes)
    {
        var id = "cus-" + random.Uuid();
        var female = random.Chance(0.5);
        var (first, last) = names.Draw(random, female);
        var (born, created, updated) = Dates(random);
        return new Customer(
            ClientId: id,
            FirstName: first,
            LastName: last,
            Email: Email(first, last, random.Pick(MailDomains), mailboxes),
            PhoneNumber: Phone(random),
            DateOfBirth: born,
            Gender: female ? "Female" : "Male",
            Occupation: Occupations.Draw(random, female),
            CreatedAt: created,
            UpdatedAt: updated,
            Status: Statuses.Draw(random));
    }

    private static (DateOnly Born, DateOnly Created, DateOnly Updated) Dates(SeededRandom random)
    {
        var today = SimulatedTables.ReferenceDate;
        var age = random.Between(AgeMin, AgeMax);
        var youngest = today.AddYears(-age);
        var oldest = today.AddYears(-age - 1).AddDays(1);
        var born = oldest.AddDays(random.Below(youngest.DayNumber - oldest.DayNumber + 1));

        var adult = born.AddYears(AgeMin);
        var opened = today.AddDays(-DaysOfHistory);
        var earliest = adult > opened ? adult : opened;
        var created = earliest.AddDays(random.Below(today.DayNumber - earliest.DayNumber + 1));
        return (born, created, created.AddDays(random.Below(today.DayNumber - created.DayNumber + 1)));
    }

    /// <summary>Mobiles begin with 6 or 71 to 74, land lines in Madrid with 91.</summary>
    private static string Phone(SeededRandom random)
    {
        var subscriber = random.Below(10_000_000);
        var prefix = random.Below(20) switch
        {
            < 14 => "6" + random.Below(10).ToString(CultureInfo.InvariantCulture),
            < 17 => "7" + random.Between(1, 4).ToString(CultureInfo.InvariantCulture),
            _ => "91",
        };
        return string.Create(CultureInfo.InvariantCulture, $"+34{prefix}{subscriber:D7}");
    }

    private static string Email(string first, string last, string domain, Dictionary<string, int> mailboxes)
    {
        var mailbox = $"{Plain(first)}.{Plain(last)}";
        var used = mailboxes[mailbox] = mailboxes.GetValueOrDefault(mailbox) + 1;
        return used == 1 ? $"{mailbox}@{domain}" : string.Create(CultureInfo.InvariantCulture, $"{mailbox}{used}@{domain}");
    }

    // By hand: string.Normalize does nothing in invariant globalization mode.
    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Select(letter => letter switch
    {
        'á' or 'à' or 'ä' or 'â' => "a",
        'é' or 'è' or 'ë' or 'ê' => "e",
        'í' or 'ì' or 'ï' or 'î' => "i",
        'ó' or 'ò' or 'ö' or 'ô' => "o",
        'ú' or 'ù' or 'ü' or 'û' => "u",
        'ñ' => "n",
        'ç' => "c",
        >= 'a' and <= 'z' => letter.ToString(),
        _ => "",
    }));
}
