using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Orders.Tests.Bulk;

/// <summary>A request body that is written while it is sent.</summary>
internal sealed class StreamedLines : HttpContent
{
    private readonly Pipe _pipe = new();

    public async Task SendAsync(params IEnumerable<string> lines) =>
        await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public void End() => _pipe.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync();
            foreach (var part in read.Buffer) await stream.WriteAsync(part);
            await stream.FlushAsync();
            _pipe.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
