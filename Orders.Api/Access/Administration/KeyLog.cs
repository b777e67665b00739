namespace Orders.Api.Access.Administration;

/// <summary>Who changed which key: ids alone.</summary>
internal sealed partial class KeyLog(ILogger<KeyLog> logger)
{
    [LoggerMessage(LogLevel.Information, "Key {KeyId} was created by key {By}")]
    public partial void Created(string keyId, string by);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was changed by key {By}")]
    public partial void Changed(string keyId, string by);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} got a new secret by key {By}")]
    public partial void Rotated(string keyId, string by);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was revoked by key {By}")]
    public partial void Revoked(string keyId, string by);
}
