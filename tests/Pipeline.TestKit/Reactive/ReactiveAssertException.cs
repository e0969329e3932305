namespace Microsoft.Reactive.Testing;

/// <summary>A recorded sequence is not the expected one.</summary>
public sealed class ReactiveAssertException(string message) : Exception(message);
