using Orders.Indexer.Projections;

namespace Orders.Tests.Projections;

[Unit]
public sealed class VersionMemoryTests
{
    [Fact]
    public void A_remembered_version_never_goes_back()
    {
        var memory = new VersionMemory(perPartitionMax: 10);

        memory.Remember(0, "a", 3);
        memory.Remember(0, "a", 2);

        Assert.Equal(3, memory.Find(0, "a"));
    }

    [Fact]
    public void The_least_recently_used_order_is_forgotten_first()
    {
        var memory = new VersionMemory(perPartitionMax: 2);
        memory.Remember(0, "a", 1);
        memory.Remember(0, "b", 1);
        memory.Find(0, "a");

        memory.Remember(0, "c", 1);

        Assert.Equal([1, null, 1], new[] { memory.Find(0, "a"), memory.Find(0, "b"), memory.Find(0, "c") });
    }

    [Fact]
    public void Partitions_are_forgotten_alone()
    {
        var memory = new VersionMemory(perPartitionMax: 2);
        memory.Remember(0, "a", 1);
        memory.Remember(1, "b", 1);

        memory.Forget([0]);

        Assert.Equal([null, 1], new[] { memory.Find(0, "a"), memory.Find(1, "b") });
    }

    [Fact]
    public void A_memory_of_nothing_remembers_nothing()
    {
        var memory = new VersionMemory(perPartitionMax: 0);
        memory.Remember(0, "a", 1);

        Assert.Null(memory.Find(0, "a"));
    }
}
