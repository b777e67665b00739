namespace Orders.Tests.Support;

/// <summary>For what measures times: it runs by itself, when everything else has ended and the processors are free.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class QuietCollection
{
    public const string Name = "quiet";
}
