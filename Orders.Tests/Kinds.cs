using System.Runtime.CompilerServices;
using Orders.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(OrdersApplication))]
// Nearly all of the time is waiting, so there are more tests under way than processors.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 8)]

namespace Orders.Tests;

/// <summary>The trait that says what a class of tests costs: <c>dotnet test --filter-trait "Kind=Unit"</c>.</summary>
internal static class Kind
{
    public const string Trait = "Kind";
    public const string Unit = "Unit";
    public const string Application = "Application";
    public const string Storm = "Storm";

    public static IReadOnlyCollection<KeyValuePair<string, string>> Is(string kind) => [new(Trait, kind)];
}

/// <summary>Pure code: no server, no application.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class UnitAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Kind.Is(Kind.Unit);
}

/// <summary>
/// Tests against the running application, beside all others of this kind and beside each other. They destroy nothing, and they look only at
/// what is their own: never at a whole table, a whole topic, the newest of all, or a limit that all share. One that must is a
/// <see cref="StormFactAttribute"/>.
/// </summary>
[Trait(Kind.Trait, Kind.Application)]
public abstract class ApplicationTests : IClassFixture<RunningApplication>;

/// <summary>
/// Tests that others would feel or spoil: a part is killed, stopped or restarted, what all share is emptied, rebuilt or used up, the whole
/// database is proved, times are measured. They run one by one, after all others.
/// </summary>
[Trait(Kind.Trait, Kind.Storm)]
[Collection(StormCollection.Name)]
public abstract class StormTests : IClassFixture<RunningApplication>;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StormCollection
{
    public const string Name = "storm";
}

/// <summary>One test of the kind of <see cref="StormTests"/> in a class whose other tests disturb no one.</summary>
public sealed class StormFactAttribute : FactAttribute, ITraitAttribute
{
    public StormFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => DisableParallelization = true;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Kind.Is(Kind.Storm);
}

/// <summary>As <see cref="StormFactAttribute"/>, with data.</summary>
public sealed class StormTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public StormTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => DisableParallelization = true;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => Kind.Is(Kind.Storm);
}
