using Npgsql;
using NpgsqlTypes;

namespace Orders.Api.Persistence;

/// <summary>
/// Positional parameters with their types, so that a null has a type too and statements are prepared once. Rows are buffered whole
/// by the driver: reading their columns waits for nothing.
/// </summary>
internal static class Sql
{
    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public static void With(this NpgsqlCommand command, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static NpgsqlParameter Text(string? value) => Of(NpgsqlDbType.Text, value);

    public static NpgsqlParameter Texts(string[]? values) => Of(NpgsqlDbType.Array | NpgsqlDbType.Text, values);

    public static NpgsqlParameter Whole(int? value) => Of(NpgsqlDbType.Integer, value);

    public static NpgsqlParameter Wholes(int[]? values) => Of(NpgsqlDbType.Array | NpgsqlDbType.Integer, values);

    public static NpgsqlParameter Long(long? value) => Of(NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter Longs(long[] values) => Of(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values);

    public static NpgsqlParameter Amount(decimal? value) => Of(NpgsqlDbType.Numeric, value);

    public static NpgsqlParameter Amounts(decimal[] values) => Of(NpgsqlDbType.Array | NpgsqlDbType.Numeric, values);

    public static NpgsqlParameter Degrees(double? value) => Of(NpgsqlDbType.Double, value);

    public static NpgsqlParameter Instant(DateTimeOffset? value) => Of(NpgsqlDbType.TimestampTz, value);

    public static NpgsqlParameter Id(Guid value) => Of(NpgsqlDbType.Uuid, value);

    public static NpgsqlParameter Ids(Guid[] values) => Of(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    public static NpgsqlParameter Flag(bool value) => Of(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Bytes(byte[] value) => Of(NpgsqlDbType.Bytea, value);

    /// <param name="utf8">JSON text.</param>
    public static NpgsqlParameter Json(byte[]? utf8) => Of(NpgsqlDbType.Json, utf8);

    private static NpgsqlParameter Of(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
