using System.Net;

namespace Meilisearch;

/// <summary>The server refused a request.</summary>
public class MeilisearchApiError : Exception
{
    public MeilisearchApiError(MeilisearchApiErrorContent apiError)
        : base($"MeilisearchApiError, Message: {apiError.Message}, Code: {apiError.Code}, Type: {apiError.Type}, Link: {apiError.Link}") =>
        Code = apiError.Code;

    public MeilisearchApiError(HttpStatusCode statusCode, string reasonPhrase)
        : base($"MeilisearchApiError, Message: {reasonPhrase}, Code: {(int)statusCode}")
    {
    }

    /// <summary>The server's own code, e.g. <c>index_not_found</c>; null when the reply carried none.</summary>
    public string Code { get; set; }
}

/// <summary>An error reply's body.</summary>
public class MeilisearchApiErrorContent
{
    public string Message { get; set; }

    public string Code { get; set; }

    public string Type { get; set; }

    public string Link { get; set; }
}

/// <summary>The server could not be reached.</summary>
public class MeilisearchCommunicationError(string message, Exception innerException) : Exception(message, innerException);

/// <summary>A task was waited for in vain; it may still be done later.</summary>
public class MeilisearchTimeoutError(string message) : Exception(message);
