using System.Net;

namespace Orders.Simulator.Histories;

/// <summary>A request body that is made while it is sent.</summary>
internal sealed class OrderLinesContent(HistorySource source, long first, long count, Action<long> written) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        source.WriteAsync(stream, first, count, written, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
