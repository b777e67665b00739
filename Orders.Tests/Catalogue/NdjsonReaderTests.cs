using System.IO.Pipelines;
using System.Text;
using Orders.Api.Features.Imports;

namespace Orders.Tests.Catalogue;

[Unit]
public sealed class NdjsonReaderTests
{
    private const int LineBytesMax = 64;

    public static TheoryData<string, string[]> Texts => new()
    {
        { "", [] },
        { "\n\n \t\r\n", [] },
        { "a", ["1 a"] },
        { "a\n", ["1 a"] },
        { "a\nb", ["1 a", "2 b"] },
        { "a\r\nb\r\n", ["1 a", "2 b"] },
        { "\n\na\n\n\nb\n", ["3 a", "6 b"] },
        { "\uFEFFa\n\uFEFFb", ["1 a", "2 \uFEFFb"] },
        { "\uFEFF\na", ["2 a"] },
        { "ñandú 🛒\r\n", ["1 ñandú 🛒"] },
        { "a\rb\n", ["1 a\rb"] },
        { " a \n", ["1  a "] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Lines_are_what_an_editor_shows_however_the_bytes_arrive(string text, string[] lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var step in new[] { 1, 2, 3, 5, 1000 }) Assert.Equal(lines, await ReadAsync(bytes, step));
    }

    [Fact]
    public async Task The_longest_line_passes_and_one_byte_more_does_not()
    {
        var longest = new string('x', LineBytesMax);
        var text = $"{longest}\n{longest}\r\n{longest}y\n{longest}{longest}\r\nb\n{longest}{longest}{longest}";
        string[] expected =
        [
            $"1 {longest}", $"2 {longest}", "3! is longer than 64 bytes", "4! is longer than 64 bytes", "5 b", "6! is longer than 64 bytes",
        ];
        foreach (var step in new[] { 1, 7, 64, 65, 1000 }) Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(text), step));
    }

    [Fact]
    public async Task A_line_that_is_no_utf_8_is_named_with_its_byte_and_the_next_one_is_read()
    {
        byte[] bytes = [.. "ok\nab"u8, 0xC3, 0x28, .. "\n"u8, 0xFF, .. "\nñ"u8, 0xE2, 0x82];
        foreach (var step in new[] { 1, 4, 1000 })
        {
            Assert.Equal(
                ["1 ok", "2! is not valid UTF-8 (byte 3)", "3! is not valid UTF-8 (byte 1)", "4! is not valid UTF-8 (byte 3)"],
                await ReadAsync(bytes, step));
        }
    }

    [Fact]
    public async Task Any_text_in_any_pieces_gives_the_same_lines()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Piece(random)));
            var expected = text.Split('\n').Select((line, index) => (Line: Content(line, index), Number: index + 1))
                .Where(entry => entry.Line.Trim(' ', '\t', '\r').Length > 0).Select(entry => $"{entry.Number} {entry.Line}");
            var read = await ReadAsync(Encoding.UTF8.GetBytes(text), random.Next(1, 30));
            Assert.True(expected.SequenceEqual(read), $"seed {seed}, round {round}: {string.Join(" / ", read)}");
        }

        static string Content(string line, int index)
        {
            if (index == 0) line = line.TrimStart('\uFEFF');
            return line.EndsWith('\r') ? line[..^1] : line;
        }
    }

    [Fact]
    public async Task A_line_without_end_costs_no_memory()
    {
        const long Bytes = 256 << 20;
        var reader = new NdjsonReader(PipeReader.Create(new Endless(Bytes)), LineBytesMax);
        var before = GC.GetAllocatedBytesForCurrentThread();

        // The stream answers at once, so all of it happens on this thread.
        var lines = new List<NdjsonLine>();
        await foreach (var line in reader.ReadAsync(default)) lines.Add(line);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal([(1L, "is longer than 64 bytes")], lines.Select(line => (line.Number, line.Fault!)));
        Assert.InRange(allocated, 0, 1 << 20);
    }

    [Fact]
    public async Task Stopping_early_leaves_the_rest_to_the_source()
    {
        var pipe = PipeReader.Create(new MemoryStream("a\nb\nc"u8.ToArray()));
        await foreach (var line in new NdjsonReader(pipe, LineBytesMax).ReadAsync(default))
        {
            if (line.Number == 2) break;
        }

        Assert.Equal("c", Encoding.UTF8.GetString((await pipe.ReadAsync()).Buffer));
    }

    [Fact]
    public async Task What_breaks_the_stream_is_thrown_after_the_lines_before_it()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("a\nb"u8.ToArray());
        await pipe.Writer.CompleteAsync(new IOException("gone"));
        var lines = new List<string>();

        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var line in new NdjsonReader(pipe.Reader, LineBytesMax).ReadAsync(default)) lines.Add(Show(line));
        });

        Assert.Equal("gone", error.Message);
        Assert.Equal([], lines.Except(["1 a"]));
    }

    private static string Piece(Random random) => random.Next(6) switch
    {
        0 => "\n",
        1 => "\r\n",
        2 => " ",
        3 => "\r",
        4 => "é€🛒"[..random.Next(3)],
        _ => new string((char)random.Next('a', 'z'), random.Next(4)),
    };

    private static async Task<List<string>> ReadAsync(byte[] bytes, int step)
    {
        var options = new StreamPipeReaderOptions(bufferSize: Math.Max(step, 2), minimumReadSize: 1);
        var source = PipeReader.Create(new Pieces(bytes, step), options);
        var lines = new List<string>();
        await foreach (var line in new NdjsonReader(source, LineBytesMax).ReadAsync(default)) lines.Add(Show(line));
        return lines;
    }

    private static string Show(NdjsonLine line) =>
        line.Fault is { } fault ? $"{line.Number}! {fault}" : $"{line.Number} {Encoding.UTF8.GetString(line.Json.Span)}";

    /// <summary>Answers so many bytes at a time and no more.</summary>
    private sealed class Pieces(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, step)], cancellationToken);
    }

    private sealed class Endless(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            buffer.Span[..count].Fill((byte)'x');
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
