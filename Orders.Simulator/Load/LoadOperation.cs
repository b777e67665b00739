using Orders.Simulator.Tables;

namespace Orders.Simulator.Load;

/// <summary>What a request of a load test does.</summary>
internal enum LoadOperation
{
    Place,
    Read,
    Search,
}

internal static class LoadOperations
{
    public static IReadOnlyList<LoadOperation> All { get; } = Enum.GetValues<LoadOperation>();

    public static string ToWire(this LoadOperation operation) => operation switch
    {
        LoadOperation.Place => "place",
        LoadOperation.Read => "read",
        LoadOperation.Search => "search",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    public static LoadOperation? Of(string name) =>
        All.Where(operation => operation.ToWire() == name).Select(operation => (LoadOperation?)operation).FirstOrDefault();
}

/// <summary>How often each operation comes, as weights relative to each other. Which one request n is, is a matter of n alone.</summary>
internal sealed class LoadMix
{
    private readonly Weighted<LoadOperation> _operations;

    public LoadMix(IReadOnlyDictionary<LoadOperation, double> weights)
    {
        Weights = weights;
        _operations = new(LoadOperations.All.Where(Has).Select(operation => (operation, weights[operation])));
    }

    /// <summary>Of the operations that take part; more than 0.</summary>
    public IReadOnlyDictionary<LoadOperation, double> Weights { get; }

    public bool Has(LoadOperation operation) => Weights.ContainsKey(operation);

    public LoadOperation Draw(SeededRandom random) => _operations.Draw(random);

    public static LoadMix Only(LoadOperation operation) => new(new Dictionary<LoadOperation, double> { [operation] = 1 });
}
