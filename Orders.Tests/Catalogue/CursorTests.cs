using Orders.Api.Http;

namespace Orders.Tests.Catalogue;

[Unit]
public sealed class CursorTests
{
    [Fact]
    public void Whatever_stands_in_a_cursor_comes_back()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            string[] parts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part(random))];
            var check = new Check();
            var read = Paging.Parts(Paging.Cursor(parts), parts.Length, check);
            Assert.True(!check.Failed && parts.SequenceEqual(read!), $"seed {seed}: {string.Join(" / ", parts)}");
        }
    }

    [Fact]
    public void The_longest_name_and_id_fit()
    {
        string[] parts = ["-price", new('€', 200), new('€', 64)];
        Assert.Equal(parts, Paging.Parts(Paging.Cursor(parts), 3, new Check()));
    }

    private static string Part(Random random) =>
        string.Concat(random.GetItems(["|", "~", "~0", "~1", "a", "ñ", "€", " "], random.Next(1, 12)));
}
