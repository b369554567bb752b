import { serverChan } from '../src/channels/serverChan';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonServerChanApi extends credential(serverChan) {}
