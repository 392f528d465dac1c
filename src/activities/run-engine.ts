/** How an activity runs an engine, which knows nothing of Temporal. */
import { Context } from '@temporalio/activity';
import { toFailure } from './failure.ts';

/** A cancellation keeps its reason, which Temporal has to see; any other error becomes the failure that policies name. */
export async function runEngine<T>(engine: (context: Context) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { cancellationSignal: signal } = context;
  try {
    return await engine(context);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toFailure(error);
  }
}
