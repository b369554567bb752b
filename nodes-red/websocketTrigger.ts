import { websocketTrigger } from '../src/triggers/websocketTrigger';
import { triggerSet } from '../src/hosts/node-red/trigger-node';

export = triggerSet(websocketTrigger);
