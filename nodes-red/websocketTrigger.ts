import { websocketTrigger } from '../src/services/webhook/websocket.trigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(websocketTrigger);
