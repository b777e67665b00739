using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Orders.Native.Dashboard;

internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}

/// <summary>A call that ends with a status other than OK, on purpose.</summary>
internal sealed class GrpcException(GrpcStatus status, string message) : Exception(message)
{
    public GrpcStatus Status { get; } = status;
}

/// <summary>
/// gRPC over an HTTP/2 request, by hand: each message is a frame of one byte (0 = not compressed), four bytes of length,
/// big-endian, and the protobuf bytes; the outcome is a trailer.
/// </summary>
internal static class GrpcCall
{
    private const int FrameHeaderBytes = 5;

    // The dashboard's requests are a few names; anything near this is not one of them.
    private const int RequestBytesMax = 64 * 1024;

    /// <summary>Sends the headers at once: the client of a stream waits for them.</summary>
    public static async Task StartAsync(HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    public static async Task<T> ReadAsync<T>(HttpContext http, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var header = new byte[FrameHeaderBytes];
        try
        {
            await http.Request.Body.ReadExactlyAsync(header, cancellationToken);
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
            if (header[0] != 0 || length > RequestBytesMax)
                throw new GrpcException(GrpcStatus.InvalidArgument, "The request is compressed or too long.");

            var payload = new byte[length];
            await http.Request.Body.ReadExactlyAsync(payload, cancellationToken);
            return parser.ParseFrom(payload);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidProtocolBufferException)
        {
            throw new GrpcException(GrpcStatus.InvalidArgument, "The request is not a whole message.");
        }
    }

    /// <summary>Ends when the message is handed to the connection: a slow reader slows the writer down.</summary>
    public static async Task WriteAsync(HttpContext http, IMessage message, CancellationToken cancellationToken)
    {
        var length = message.CalculateSize();
        var writer = http.Response.BodyWriter;
        var frame = writer.GetMemory(FrameHeaderBytes + length)[..(FrameHeaderBytes + length)];
        frame.Span[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.Span[1..], (uint)length);
        message.WriteTo(frame.Span[FrameHeaderBytes..]);
        writer.Advance(frame.Length);
        await writer.FlushAsync(cancellationToken);
    }

    public static void End(HttpContext http, GrpcStatus status, string? message = null)
    {
        // Before the first byte the status goes into the headers, as gRPC's "trailers only" answer.
        var trailers = http.Response.HasStarted
            ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : http.Response.Headers;
        if (!http.Response.HasStarted)
            http.Response.ContentType = "application/grpc";

        trailers["grpc-status"] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (message is not null)
            trailers["grpc-message"] = Uri.EscapeDataString(message);
    }
}
