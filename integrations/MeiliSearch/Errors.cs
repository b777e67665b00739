using System.Net;

namespace Meilisearch;

/// <summary>The server refused a request.</summary>
public class MeilisearchApiError : Exception
{
    /// <summary>The reply carried the server's own words.</summary>
    public MeilisearchApiError(MeilisearchApiErrorContent apiError)
        : base($"MeilisearchApiError, Message: {apiError.Message}, Code: {apiError.Code}, Type: {apiError.Type}, Link: {apiError.Link}") =>
        Code = apiError.Code;

    /// <summary>The reply carried a status line only.</summary>
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
    /// <summary>For people.</summary>
    public string Message { get; set; }

    /// <summary>For programs, e.g. <c>index_not_found</c>.</summary>
    public string Code { get; set; }

    /// <summary>The kind of error, e.g. <c>invalid_request</c>.</summary>
    public string Type { get; set; }

    /// <summary>The error's documentation.</summary>
    public string Link { get; set; }
}

/// <summary>The server could not be reached.</summary>
public class MeilisearchCommunicationError(string message, Exception innerException) : Exception(message, innerException);

/// <summary>A task was waited for in vain; it may still be done later.</summary>
public class MeilisearchTimeoutError(string message) : Exception(message);
