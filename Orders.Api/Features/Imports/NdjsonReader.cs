using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Orders.Api.Features.Imports;

/// <summary>A line of an NDJSON stream that is not blank.</summary>
/// <param name="Number">1, 2, ... as an editor counts them: blank lines count, though they are passed over.</param>
/// <param name="Json">The line without its end, valid UTF-8; overwritten when the next line is asked for. Empty beside a fault.</param>
/// <param name="Fault">Why the line cannot be read at all, for people; null when it can. It says nothing about JSON.</param>
internal readonly record struct NdjsonLine(long Number, ReadOnlyMemory<byte> Json, string? Fault);

/// <summary>
/// Cuts a stream of any length into lines, holding one line at most. Lines end with LF or CR LF, the last one may have no end; a byte
/// order mark at the very beginning is passed over. A line that is too long or no UTF-8 is answered as a fault, and the reading goes
/// on behind it. What breaks the stream itself (a lost connection, a sender below the minimum rate) is thrown by the source.
/// </summary>
/// <param name="source">Read to its end, unless the caller stops earlier.</param>
/// <param name="lineBytesMax">Bytes of a line without its end, at most; also the most that is buffered beside the source.</param>
internal sealed class NdjsonReader(PipeReader source, int lineBytesMax)
{
    /// <summary>Bytes that a line may have beside its content while its end is not in sight: byte order mark and CR.</summary>
    private const int Margin = 4;

    private long _number;
    private bool _isTooLong;
    private byte[] _joined = [];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public async IAsyncEnumerable<NdjsonLine> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var read = await source.ReadAsync(cancel);
            var rest = read.Buffer;
            try
            {
                while (TryTake(ref rest, read.IsCompleted, out var line)) yield return line;
            }
            finally
            {
                // Also when the caller has had enough: a pipe must not be left in the middle of a read.
                source.AdvanceTo(rest.Start, rest.End);
            }

            if (read.IsCompleted) yield break;
        }
    }

    /// <summary>The next line that is not blank, if <paramref name="rest"/> holds a whole one.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> rest, bool completed, out NdjsonLine line)
    {
        while (true)
        {
            var end = rest.PositionOf((byte)'\n');
            if (end is null && !completed) return Wait(ref rest, out line);
            if (end is null && rest.IsEmpty && !_isTooLong)
            {
                line = default;
                return false;
            }

            var content = end is { } found ? rest.Slice(0, found) : rest;
            rest = rest.Slice(end is { } behind ? rest.GetPosition(1, behind) : rest.End);
            _number++;
            if (TryRead(content, out line)) return true;
        }
    }

    private bool Wait(ref ReadOnlySequence<byte> rest, out NdjsonLine line)
    {
        line = default;
        if (!_isTooLong && rest.Length <= lineBytesMax + Margin) return false;
        // Of a line that is too long nothing is kept but the fact.
        _isTooLong = true;
        rest = rest.Slice(rest.End);
        return false;
    }

    /// <returns>False when the line is blank.</returns>
    private bool TryRead(ReadOnlySequence<byte> content, out NdjsonLine line)
    {
        var isTooLong = _isTooLong || content.Length > lineBytesMax + Margin;
        _isTooLong = false;
        var bytes = isTooLong ? default : Trim(Join(content));
        if (isTooLong || bytes.Length > lineBytesMax)
        {
            line = Faulty(string.Create(CultureInfo.InvariantCulture, $"is longer than {lineBytesMax} bytes"));
            return true;
        }

        line = Utf8.IsValid(bytes.Span) ? new NdjsonLine(_number, bytes, null) : Faulty(NotUtf8(bytes.Span));
        return bytes.Span.ContainsAnyExcept(" \t\r"u8);
    }

    private NdjsonLine Faulty(string fault) => new(_number, default, fault);

    private ReadOnlyMemory<byte> Join(ReadOnlySequence<byte> content)
    {
        if (content.IsSingleSegment) return content.First;
        if (_joined.Length < content.Length) _joined = new byte[Math.Min(2 * (int)content.Length, lineBytesMax + Margin)];
        content.CopyTo(_joined);
        return _joined.AsMemory(0, (int)content.Length);
    }

    private ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> bytes)
    {
        if (_number == 1 && bytes.Span.StartsWith(ByteOrderMark)) bytes = bytes[ByteOrderMark.Length..];
        return bytes.Span.EndsWith("\r"u8) ? bytes[..^1] : bytes;
    }

    private static string NotUtf8(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done) at += length;
        return string.Create(CultureInfo.InvariantCulture, $"is not valid UTF-8 (byte {at + 1})");
    }
}
