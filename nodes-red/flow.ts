import { dedupe } from '../src/flow/dedupe/dedupe.flow';
import { digest } from '../src/flow/digest/digest.flow';
import { message } from '../src/flow/message/message.flow';
import { outbox } from '../src/flow/outbox/outbox.flow';
import { quietHours } from '../src/flow/quietHours/quietHours.flow';
import { route } from '../src/flow/route/route.flow';
import { threshold } from '../src/flow/threshold/threshold.flow';
import { store } from '../src/flow/store.account';
import { flowSet } from '../src/hosts/node-red/flow-node';
import { accountSet } from '../src/hosts/node-red/account-node';

export = {
	dedupe: flowSet(dedupe),
	digest: flowSet(digest),
	message: flowSet(message),
	outbox: flowSet(outbox),
	quietHours: flowSet(quietHours),
	route: flowSet(route),
	threshold: flowSet(threshold),
	store: accountSet(store),
};
