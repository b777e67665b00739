using System.Buffers;
using System.Text;
using Orders.Api.Http;

namespace Orders.Api.Features.Reading;

/// <summary>
/// A page of orders as a reply: the stored bytes of each, never read or written anew. Its weak ETag says which orders at which versions
/// are on it, and where the next page begins.
/// </summary>
internal sealed class OrderPage(int size) : IResult
{
    private readonly List<byte[]> _states = new(size);
    private readonly WeakTag _tag = new();

    public bool IsFull => _states.Count >= size;

    public string? NextCursor { get; set; }

    public void Add(string id, int version, byte[] state)
    {
        _states.Add(state);
        _tag.Add(id).Add(version);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (_tag.Add(NextCursor).IsKnown(httpContext)) return;
        var writer = httpContext.Response.BodyWriter;
        httpContext.Response.ContentType = EntityTags.Json;
        writer.Write("{\"items\":["u8);
        for (var i = 0; i < _states.Count; i++)
        {
            if (i > 0) writer.Write(","u8);
            writer.Write(_states[i]);
        }

        // A cursor is base 64: nothing in it has to be escaped.
        writer.Write(NextCursor is null ? "]}"u8 : Encoding.UTF8.GetBytes($"],\"next_cursor\":\"{NextCursor}\"}}"));
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
