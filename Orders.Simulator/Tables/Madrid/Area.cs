namespace Orders.Simulator.Tables.Madrid;

/// <summary>
/// The part of a district where its people live, with facts that hold there.
/// </summary>
/// <param name="District">The official name of the district.</param>
/// <param name="Population">People registered there (municipal register, 2023): the weight of the area.</param>
/// <param name="Outline">A simplified outline, drawn clear of the neighbouring districts.</param>
internal sealed record Area(
    string District,
    int Population,
    Outline Outline,
    IReadOnlyList<string> Postcodes,
    IReadOnlyList<string> Suburbs,
    IReadOnlyList<string> Roads);

/// <summary>
/// The 21 districts. Moncloa-Aravaca stands twice, because the Casa de Campo lies between its halves and nobody lives there.
/// </summary>
internal static class MadridAreas
{
    public static readonly IReadOnlyList<Area> All = [.. InnerDistricts.All, .. OuterDistricts.All];
}
